# What all figures share: the output, the type, the axes. Loaded by each template after its settings.
#
# format  svg, pdf or png            target  the file to write
# width, height  in points (1/72 inch); a paper's text column is about 240 or 440 points wide

if (!exists("format")) format = "pdf"
if (!exists("target")) target = "figure." . format

typeface = "Helvetica,Arial,Liberation Sans"
dpi = 300.0

if (format eq "svg") {
    set terminal svg noenhanced size width * 4 / 3, height * 4 / 3 font sprintf("%s,12", typeface) linewidth 1.333 rounded dashlength 0.7 name "figure"
}
if (format eq "pdf") {
    set terminal pdfcairo noenhanced size width / 72.0, height / 72.0 font "Helvetica,9" fontscale 0.75 linewidth 1 rounded dashlength 0.7
}
if (format eq "png") {
    set terminal pngcairo noenhanced size width * dpi / 72, height * dpi / 72 font "Helvetica,9" fontscale dpi / 96 linewidth dpi / 72 pointscale dpi / 72 rounded dashlength 0.7 background "white"
}
set output target

set encoding utf8
set datafile separator comma
set key off
set border 3 linewidth 0.6 linecolor rgb "#808080"
set tics nomirror out scale 0.5
set grid ytics linewidth 0.4 linetype 1 linecolor rgb "#d8d8d8"
