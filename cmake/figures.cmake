# SPDX-License-Identifier: Apache-2.0
# Bundles web/**.ts with Debian's esbuild and d3 modules; a build without them has tables but no figures.
#   coley_bundle(<entry.ts> <output.js>)   sets <output.js> up to be built, or leaves it empty
find_program(COLEY_ESBUILD esbuild)
set(COLEY_NODE_PATH /usr/share/nodejs CACHE PATH "Where the d3 modules are")
set(COLEY_FIGURES ON)
foreach(module array axis format scale selection shape)
  if(NOT EXISTS ${COLEY_NODE_PATH}/d3-${module}/package.json)
    message(STATUS "d3-${module} not found in ${COLEY_NODE_PATH}: reports have tables but no figures")
    set(COLEY_FIGURES OFF)
  endif()
endforeach()
if(NOT COLEY_ESBUILD)
  message(STATUS "esbuild not found: reports have tables but no figures")
  set(COLEY_FIGURES OFF)
endif()

function(coley_bundle entry output)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/web/*.ts)
  add_custom_command(OUTPUT ${output} DEPENDS ${sources} VERBATIM COMMENT "Bundling ${output}"
    COMMAND ${CMAKE_COMMAND} -E env NODE_PATH=${COLEY_NODE_PATH} ${COLEY_ESBUILD} ${entry} --bundle --minify --format=iife
            --target=es2020 --charset=utf8 --legal-comments=inline --log-level=warning --outfile=${output})
endfunction()
