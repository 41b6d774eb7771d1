# SPDX-License-Identifier: Apache-2.0
# One test for each call of calls.txt.
set(calls ${CMAKE_CURRENT_LIST_DIR}/calls.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${calls})
file(STRINGS ${calls} lines REGEX "^[^#]")
list(LENGTH lines count)
math(EXPR last "${count} - 1")
foreach(line RANGE ${last})
  list(GET lines ${line} call)
  string(REGEX REPLACE " *=>.*" "" call "${call}")
  string(REGEX REPLACE "[^A-Za-z0-9]+" "_" name "${call}")
  string(SUBSTRING "${name}" 0 60 name)
  add_test(NAME scenario/cli/${line}_${name}
           COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:coley> -DDIRECTORY=${CMAKE_CURRENT_BINARY_DIR}/cli/${line}
                   -DCALLS=${calls} -DLINE=${line} -P ${CMAKE_CURRENT_LIST_DIR}/call.cmake)
  set_tests_properties(scenario/cli/${line}_${name} PROPERTIES LABELS scenario)
endforeach()
