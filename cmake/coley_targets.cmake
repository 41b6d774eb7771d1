# SPDX-License-Identifier: Apache-2.0
# One folder under src/, one library: coley_library(<folder> SOURCES ... LINKS ...).
# LINKS names other folders (coley::x) and libraries; check_layers.cmake holds the includes of the folder to it.

add_library(coley_options INTERFACE)
target_compile_features(coley_options INTERFACE cxx_std_20)
target_include_directories(coley_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
# No contraction of a*b+c: results must not depend on the instruction set (docs/decisions/0004-random-numbers.md).
target_compile_options(coley_options INTERFACE -ffp-contract=off -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion -Wno-missing-field-initializers)
option(COLEY_WERROR "Treat warnings as errors" OFF)
if(COLEY_WERROR)
  target_compile_options(coley_options INTERFACE -Werror)
endif()

set_property(GLOBAL PROPERTY COLEY_LAYERS "")

function(coley_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  if(ARG_SOURCES)
    add_library(coley_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(coley_${name} PUBLIC coley_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
  else()
    add_library(coley_${name} INTERFACE)
    target_link_libraries(coley_${name} INTERFACE coley_options ${ARG_LINKS})
  endif()
  add_library(coley::${name} ALIAS coley_${name})
  set(layers ${ARG_LINKS} ${ARG_PRIVATE_LINKS})
  list(FILTER layers INCLUDE REGEX "^coley::")
  list(TRANSFORM layers REPLACE "^coley::" "")
  list(JOIN layers " " joined)
  set_property(GLOBAL APPEND PROPERTY COLEY_LAYERS "${name}: ${joined}")
endfunction()
