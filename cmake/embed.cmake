# SPDX-License-Identifier: Apache-2.0
# Writes a C++ source that holds files as bytes, so that a program carries them with it.
# Run: cmake -DOUTPUT=<file.cpp> -DHEADER=<include> -DNAMESPACE=<a::b> -DFILES="name=path;name=path" -P embed.cmake
# Each name is a function of HEADER that returns std::string_view; an empty path gives an empty view.
cmake_minimum_required(VERSION 3.25)
set(source "// Written by cmake/embed.cmake.\n#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n")
foreach(entry IN LISTS FILES)
  string(REGEX MATCH "^([a-z0-9_]+)=(.*)$" _ "${entry}")
  set(name ${CMAKE_MATCH_1})
  set(bytes "")
  if(NOT CMAKE_MATCH_2 STREQUAL "")
    file(READ "${CMAKE_MATCH_2}" hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  endif()
  string(APPEND source "\nstd::string_view ${name}() {\n  static constexpr unsigned char bytes[] = {${bytes}0};\n"
         "  return {reinterpret_cast<const char*>(bytes), sizeof bytes - 1};\n}\n")
endforeach()
string(APPEND source "\n}  // namespace ${NAMESPACE}\n")
file(WRITE "${OUTPUT}" "${source}")
