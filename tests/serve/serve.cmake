# SPDX-License-Identifier: Apache-2.0
# The server and its page, driven by Node: load_test.mjs needs nothing else, api_test.mjs the locked npm packages, page_test.mjs and figures_test.mjs Chromium too.
find_program(COLEY_NODE node)
find_program(COLEY_NPM npm)
find_program(COLEY_CHROMIUM chromium)
set(here ${CMAKE_CURRENT_LIST_DIR})
function(coley_node_test name)
  add_test(NAME scenario/serve/${name} COMMAND ${COLEY_NODE} --test ${here}/${name}_test.mjs)
  set_tests_properties(scenario/serve/${name} PROPERTIES LABELS scenario TIMEOUT 1500 RUN_SERIAL ON
    ENVIRONMENT "COLEY=$<TARGET_FILE:coley>;COLEY_NODE_MODULES=${CMAKE_CURRENT_BINARY_DIR}/serve/;COLEY_CHROMIUM=${COLEY_CHROMIUM};COLEY_SCREENSHOTS=${CMAKE_CURRENT_BINARY_DIR}/serve/screenshots")
endfunction()
function(coley_node_test_with_packages name)
  coley_node_test(${name})
  set_tests_properties(scenario/serve/${name} PROPERTIES FIXTURES_REQUIRED node_packages)
endfunction()
if(NOT TARGET coley_serve OR NOT COLEY_NODE)
  message(STATUS "Node.js not found, or no coley serve: the tests of the server are left out")
  return()
endif()
coley_node_test(load)
if(NOT COLEY_NPM)
  message(STATUS "npm not found: the tests of the server's document and of the page are left out")
  return()
endif()
file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/serve)
configure_file(${here}/package.json ${CMAKE_CURRENT_BINARY_DIR}/serve/package.json COPYONLY)
configure_file(${here}/package-lock.json ${CMAKE_CURRENT_BINARY_DIR}/serve/package-lock.json COPYONLY)
add_test(NAME scenario/serve/packages COMMAND ${COLEY_NPM} ci --ignore-scripts --no-audit --no-fund WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/serve)
set_tests_properties(scenario/serve/packages PROPERTIES LABELS scenario FIXTURES_SETUP node_packages)
coley_node_test_with_packages(api)
if(NOT COLEY_FIGURES OR NOT COLEY_CHROMIUM)
  message(STATUS "Chromium or figures not found: the tests of the page are left out")
  return()
endif()
coley_node_test_with_packages(page)
coley_node_test_with_packages(figures)
set(tools COLEY=$<TARGET_FILE:coley> COLEY_NODE_MODULES=${CMAKE_CURRENT_BINARY_DIR}/serve/ COLEY_CHROMIUM=${COLEY_CHROMIUM})
# Pictures of every figure for the documents: docs/figures.
add_custom_target(figure_pictures WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/serve VERBATIM USES_TERMINAL DEPENDS coley
  COMMAND ${COLEY_NPM} ci --ignore-scripts --no-audit --no-fund --silent
  COMMAND ${CMAKE_COMMAND} -E env ${tools} COLEY_FIGURES=${PROJECT_SOURCE_DIR}/docs/figures COLEY_PATIENTS=9000 ${COLEY_NODE} --test ${here}/figures_test.mjs)
add_custom_target(redraw_benchmark WORKING_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/serve VERBATIM USES_TERMINAL DEPENDS coley
  COMMAND ${COLEY_NPM} ci --ignore-scripts --no-audit --no-fund --silent
  COMMAND ${CMAKE_COMMAND} -E env ${tools} ${COLEY_NODE} ${here}/redraw_benchmark.mjs)
