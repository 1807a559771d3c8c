#!/usr/bin/env python3
"""Reads a ledger's snapshot file of format 2 and proves it, from nothing but 09-snapshots.md and 12-proof.md.

    read-snapshot.py FILE            says what was proved, or ends with 1 and says what does not hold
    read-snapshot.py FILE --lines    prints the history, a server's line each

It is here to show that a file can be read without the programs that wrote it. What the cells fold to is not looked at.
"""

import base64
import gzip
import hashlib
import struct
import sys
import zlib

HEADER = bytes.fromhex("1f8b0804000000000003" + "0800545a0400")


def blocks_of(data):
    """The gzip members, found from length to length."""
    place, blocks = 0, []
    while place < len(data):
        hold(data[place:place + 16] == HEADER, f"no block begins at byte {place}")
        (length,) = struct.unpack("<I", data[place + 16:place + 20])
        hold(20 < length <= len(data) - place, f"the block at byte {place} is cut")
        blocks.append(data[place:place + length])
        place += length
    return blocks


def hold(is_so, otherwise):
    if not is_so:
        sys.exit(f"not proved: {otherwise}")


def lines_of(text):
    """Ended by LF and nothing else: a value may have in it what Python takes for the end of a line too."""
    return text.split("\n")[:-1]


def salts_of(line):
    return base64.urlsafe_b64decode(line + "=" * (-len(line) % 4))


def main():
    with open(sys.argv[1], "rb") as file:
        blocks = blocks_of(file.read())
    texts = [gzip.decompress(block).decode("utf-8") for block in blocks]
    *index, count, end = lines_of(texts[-1])
    hashed = "".join(line + "\n" for line in [*index, count])
    hold(end == "end sha256 " + hashlib.sha256(hashed.encode()).hexdigest(), "the index is not what was hashed")
    hold(len(index) == len(blocks) - 1, "the index is of other blocks")
    header = dict(line.split(" ", 1) for line in lines_of(texts[0]) if not line.startswith("parent "))
    hold(header["taizhang-snapshot"] == "2 ledger", "another format")
    lines, cells, refusals, linked, link = [], [], 0, 0, bytes(32)
    for number, (block, text, entry) in enumerate(zip(blocks, texts, index), 1):
        found = [line[2:] for line in lines_of(text) if line.startswith("+ ")]
        salts = b"".join(salts_of(line[2:]) for line in lines_of(text) if line.startswith("~ "))
        for place in range(len(salts) // 16):
            digest = hashlib.sha256(salts[16 * place:16 * place + 16] + found[place].encode()).digest()
            link = hashlib.sha256(link + digest).digest()
        linked += len(salts) // 16
        lines += found
        cells += [line[2:] for line in lines_of(text) if line.startswith("= ")]
        refusals += sum(line.startswith("- ") for line in lines_of(text))
        digits = hashlib.sha256(block).hexdigest()
        hold(entry == f"block {len(block)} {digits} {len(lines)} {linked}:{link.hex()}", f"block {number}")
    hold(header["head"] == f"{linked}:{link.hex()}", "the links do not lead to the head")
    hold([line.split(" ", 1)[0] for line in lines] == [str(seq + 1) for seq in range(len(lines))], "a gap")
    hold(header["seq"] == str(len(lines)), "lines are missing")
    hold(count == f"count {len(cells)} {len(lines)} {refusals}", "the counts")
    hold(all(lines[int(cell.split(" ", 1)[0]) - 1] == cell for cell in cells), "a cell is not the line of its seq")
    if "--lines" in sys.argv:
        print("\n".join(lines))
    else:
        print(f"proved: {header['ledger']}, {len(lines)} lines, {len(cells)} cells, {refusals} refusals,"
              f" head {header['epoch']}.{header['head']}")


try:
    main()
except (OSError, EOFError, ValueError, LookupError, struct.error, zlib.error) as error:
    # What cannot be unpacked, or has not even the lines to look at.
    sys.exit(f"not proved: {error}")
