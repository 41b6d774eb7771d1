// SPDX-License-Identifier: Apache-2.0
#pragma once
// Room for long columns on large pages. Where millions of rows are written once, handing out pages of 4 kB one by one
// costs as much as the arithmetic, and a sort that scatters over them waits for the page table.

#include <cstddef>
#include <vector>

namespace coley::statistics {

/// Asks the system for large pages in [begin, begin + bytes); a hint, without effect where it has none.
void prefer_large_pages(void* begin, std::size_t bytes);

/// reserve(), on large pages where the column is long.
template <class T>
void reserve_large(std::vector<T>& column, std::size_t size) {
  column.reserve(size);
  prefer_large_pages(column.data(), column.capacity() * sizeof(T));
}

/// A column of `size` zeros, on large pages where it is long.
template <class T>
std::vector<T> large_column(std::size_t size) {
  std::vector<T> column;
  reserve_large(column, size);
  column.resize(size);
  return column;
}

}  // namespace coley::statistics
