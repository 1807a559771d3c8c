#!/usr/bin/env python3
"""Writes WidthTable.swift from the Unicode character database.

Usage: generate-width-table.py [FOLDER] > WidthTable.swift
FOLDER holds EastAsianWidth.txt and UnicodeData.txt (Debian: unicode-data, /usr/share/unicode).

Zero columns: combining marks (Mn, Me), format characters (Cf) except those that show a glyph of
their own, line and paragraph separators, and the vowels and finals of conjoining Hangul, which
join the wide leading consonant before them. Two: East_Asian_Width W and F. Ambiguous: A.
Later tables give way to earlier ones, in the order zero, wide, ambiguous.
"""

import re
import sys

FOLDER = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode"
# Format characters that a terminal shows: the soft hyphen and the prepended concatenation marks.
VISIBLE_FORMAT = {0xAD, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
HANGUL_JOINING = {*range(0x1160, 0x1200), *range(0xD7B0, 0xD7FC)}


def east_asian_widths():
    widths, version = {}, "?"
    with open(f"{FOLDER}/EastAsianWidth.txt", encoding="utf-8") as lines:
        for line in lines:
            if found := re.match(r"# EastAsianWidth-([0-9.]+)\.txt", line):
                version = found[1]
            if found := re.match(r"([0-9A-F]+)(?:\.\.([0-9A-F]+))?\s*;\s*(\w+)", line):
                for point in range(int(found[1], 16), int(found[2] or found[1], 16) + 1):
                    widths[point] = found[3]
    return widths, version


def zero_points():
    points = set(HANGUL_JOINING)
    first = None
    with open(f"{FOLDER}/UnicodeData.txt", encoding="utf-8") as lines:
        for line in lines:
            code, name, category = line.split(";")[:3]
            point = int(code, 16)
            start = first if name.endswith(", Last>") else point
            first = point if name.endswith(", First>") else None
            if category in ("Mn", "Me", "Cf", "Zl", "Zp"):
                points.update(range(start, point + 1))
    return points - VISIBLE_FORMAT


def ranges(points):
    found = []
    for point in sorted(points):
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return found


def table(name, comment, points):
    print(f"  /// {comment}")
    print(f"  static let {name}: [UInt32] = [")
    pairs = [f"0x{low:X}, 0x{high:X}," for low, high in ranges(points)]
    for index in range(0, len(pairs), 5):
        print("    " + " ".join(pairs[index : index + 5]))
    print("  ]")


widths, version = east_asian_widths()
zero = zero_points()
wide = {point for point, width in widths.items() if width in "WF"} - zero
ambiguous = {point for point, width in widths.items() if width == "A"} - zero - wide
print(f"// Written by generate-width-table.py from Unicode {version}; change the script, not this file.")
print("// swift-format-ignore-file")
print()
print("/// Which scalars take no column, two columns, or one or two by the reader's habit.")
print("/// Each table is pairs of first and last scalar, ascending; what is in none takes one column.")
print("enum WidthTable {")
print("  /// The version of Unicode that the tables follow.")
print(f'  static let unicodeVersion = "{version}"')
print()
table("zero", "Marks, joiners and other scalars that take no column of their own.", zero)
print()
table("wide", "Scalars that always take two columns.", wide)
print()
table("ambiguous", "Scalars that take two columns in East Asian fonts of old and one elsewhere.", ambiguous)
print("}")
