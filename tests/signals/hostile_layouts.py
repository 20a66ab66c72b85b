"""How files are written and laid out, and what of it spoils a row or a file."""

from tests.signals.hostile import (
    GERMAN,
    GOOD,
    HEAD,
    PAIR,
    ROW,
    Case,
    csv,
)

LAYOUTS = (
    # Encodings and line ends
    Case("UTF-8", csv(ROW), (GOOD,)),
    Case("UTF-8 with a mark", b"\xef\xbb\xbf" + csv(ROW), (GOOD,)),
    Case("UTF-16 little endian", csv(ROW).decode().encode("utf-16"), (GOOD,)),
    Case("UTF-16 little endian without a mark", csv(ROW).decode().encode("utf-16-le"), (GOOD,)),
    Case("UTF-16 big endian without a mark", csv(ROW).decode().encode("utf-16-be"), (GOOD,)),
    Case("UTF-16 big endian", b"\xfe\xff" + csv(ROW).decode().encode("utf-16-be"), (GOOD,)),
    Case(
        "cp1252",
        csv("SO1,2026-12-18,Größe €,DE,5").decode().encode("cp1252"),
        (("SO1", "2026-12-18", "Größe €", "DE", "5"),),
        told="cp1252), as it seems",
    ),
    Case(
        "latin-1",
        "Order ID,Due,SKU,Country,Qty\nSO1,2026-12-18,Ær\x81ø,DE,5\n".encode("latin-1"),
        (("SO1", "2026-12-18", "Ær\x81ø", "DE", "5"),),
        told="latin-1), as it seems",
    ),
    Case(
        "UTF-8 with a cp1252 line in it",
        csv("SO1,2026-12-18,Größe,DE,5") + "SO2,2026-12-18,Größe,DE,5\n".encode("cp1252"),
        refused="line 3 = '0xF6': is UTF-8, but for byte 0xF6",
    ),
    Case("CRLF", csv(ROW, end="\r\n"), (GOOD,)),
    Case("CR alone", csv(ROW, end="\r"), (GOOD,)),
    Case("no end of line at the end", csv(ROW).rstrip(), (GOOD,)),
    Case(
        "a form feed in a heading is no new line",
        csv(ROW, header=HEAD + ",Note\x0cs"),
        aside=((2, None, None),),
    ),
    Case(
        "a line separator in a cell",
        csv("SO1,2026-12-18,a\u2028b,DE,5"),
        (("SO1", "2026-12-18", "a\u2028b", "DE", "5"),),
    ),
    Case(
        "a zero byte spoils its row alone", csv("S\0,2026-12-18,0012,DE,5", ROW), (GOOD,), ((2, None, None),)
    ),
    # Separators and shape
    Case("semicolons", csv(";".join(GOOD), header=GERMAN), (GOOD,)),
    Case("tabs", csv("\t".join(GOOD), header=HEAD.replace(",", "\t")), (GOOD,)),
    Case("bars", csv("|".join(GOOD), header=HEAD.replace(",", "|")), (GOOD,)),
    Case(
        "Excel's sep= line",
        b"sep=;\n" + csv(";".join(GOOD), header=GERMAN),
        (GOOD,),
        told="line 1 passed over",
    ),
    Case(
        "title rows",
        b"Report,,,,\n\nof November,,,,\n" + csv(ROW),
        (GOOD,),
        told="header in line 4; above it lines 1, 3",
    ),
    Case(
        "blank rows",
        csv(ROW, "", ",,,,", ROW.replace("SO1", "SO2")),
        (GOOD, ("SO2", *GOOD[1:])),
        told="blank lines 3, 4",
    ),
    Case("a total below", csv(ROW, "Total,,,,5"), (GOOD,), ((3, None, None),)),
    Case(
        "a German total", csv(";".join(GOOD), "Gesamtsumme:;;;;5", header=GERMAN), (GOOD,), ((3, None, None),)
    ),
    Case(
        "a product called Total",
        csv("SO1,2026-12-18,Total,DE,5"),
        (("SO1", "2026-12-18", "Total", "DE", "5"),),
    ),
    Case("too few cells", csv("SO1,2026-12-18,0012"), aside=((2, None, None),)),
    Case("too many cells", csv(ROW + ",9"), aside=((2, None, None),)),
    Case("too many empty cells", csv(ROW + ",,"), (GOOD,)),
    Case(
        "an unquoted decimal comma between commas",
        csv("SO1,2026-12-18,0012,DE,1,5"),
        aside=((2, None, None),),
    ),
    Case(
        "quoted line breaks",
        csv('SO1,2026-12-18,"00\n12",DE,5', "SO2,x,0012,DE,5", ROW),
        (("SO1", "2026-12-18", "00\n12", "DE", "5"), GOOD),
        ((4, "Due", "x"),),
        answers=PAIR,
        asks=("line",),
    ),
    Case(
        "a quotation mark never closed",
        csv('SO1,2026-12-18,"0012,DE,5', ROW),
        refused="line 2: a quotation mark is opened here and never closed",
    ),
    Case(
        "a quotation mark inside a cell",
        csv('SO1,2026-12-18,5" pipe,DE,5', ROW),
        (GOOD,),
        ((2, None, None),),
    ),
    Case("a heading twice", csv(ROW + ",6", header=HEAD + ",Qty"), asks=("quantity",)),
    Case("a heading without a name", csv(ROW + ",6", header=HEAD + ","), (GOOD,)),
    Case("a header and no rows", csv(), ()),
    Case("nothing at all", b"", refused="is empty"),
    Case("blank lines only", b"\n\n \n", refused="is empty"),
    Case(
        "5,000 columns", csv(ROW + ",1" * 4995, header=HEAD + "".join(f",c{n}" for n in range(4995))), (GOOD,)
    ),
    Case(
        "a field of 10 MB",
        csv(f"SO1,2026-12-18,{'x' * 10_000_000},DE,5", ROW),
        (GOOD,),
        ((2, None, None),),
        answers=PAIR,
    ),
    Case(
        "a quoted field of 10 MB with line breaks",
        csv('SO1,2026-12-18,"' + "x" * 5_000_000 + "\n" + "x" * 5_000_000 + '",DE,5'),
        aside=((2, None, None),),
    ),
    # Ids
    Case("ids keep zeros and exponents", csv("12E5,2026-12-18,0012,DE,5"), (("12E5", *GOOD[1:]),)),
    Case(
        "ids that look like formulas",
        csv("=1+1,2026-12-18,@x,-DE,5"),
        (("=1+1", "2026-12-18", "@x", "-DE", "5"),),
    ),
)
