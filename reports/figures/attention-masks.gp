# Attention masks side by side: query down, key across; the colour says what the query is.
#
# By hand, from the folder of the pictures:  gnuplot -e "format='pdf'; target='x.pdf'; folder='<figures>'" <figures>/attention-masks.gp

if (!exists("folder")) folder = "../figures"
if (!exists("settings")) settings = "data/attention-masks.gp"
load settings

number(text) = int(text)
left = 30.0; right = 6.0; top = 20.0; bottom = 44.0; gap = 12.0
panel = (width - left - right - (file_count - 1) * gap) / file_count
height = top + bottom + panel
load folder . "/common.gp"

array colour[2] = ["#9a9a9a", "#0072B2"]
array meaning[2] = ["settled query", "active query"]
unset grid
set border 15
set multiplot
set label 99 "Query" at screen 6 / width, screen (bottom + panel / 2) / height center rotate
do for [i = 1:file_count] {
    keys = number(across[i])
    set lmargin at screen (left + (i - 1) * (panel + gap)) / width
    set rmargin at screen (left + (i - 1) * (panel + gap) + panel) / width
    set tmargin at screen 1 - top / height
    set bmargin at screen bottom / height
    set xrange [-0.5:keys - 0.5]
    set yrange [keys - 0.5:-0.5]
    set title title[i] offset 0, -0.6
    set xtics 0, 16 offset 0, 0.5
    set ytics 0, 16 offset 0.6, 0
    set format y i == 1 ? "%g" : ""
    set xlabel i == (file_count + 1) / 2 ? "Key" : "" offset 0, 1.1
    if (i == file_count) {
        do for [k = 1:2] {
            set object k rectangle at screen (left + 116 + (k - 1) * 92) / width, screen 8 / height size screen 8 / width, screen 8 / height fillcolor rgb colour[k] fillstyle solid noborder
            set label k meaning[k] at screen (left + 124 + (k - 1) * 92) / width, screen 8 / height
        }
    }
    # Cells overlap a little, or viewers would show seams between them.
    plot for [k = 1:2] file[i] matrix using 1:2:($3 == k ? 0.53 : NaN):(0.53) with boxxyerror fillcolor rgb colour[k] fillstyle solid noborder
    unset label 99
}
unset multiplot

set output
