# Hyperschedules side by side: step down, position across, the darker the noisier.
#
# By hand, from the folder of the pictures:  gnuplot -e "format='pdf'; target='x.pdf'; folder='<figures>'" <figures>/hyperschedules.gp

if (!exists("folder")) folder = "../figures"
if (!exists("settings")) settings = "data/hyperschedules.gp"
load settings

number(text) = int(text)
largest(a, b) = a > b ? a : b
left = 30.0; right = 6.0; top = 20.0; bottom = 26.0; gap = 18.0
panel = (width - left - right - (file_count - 1) * gap) / file_count
most = 0
do for [i = 1:file_count] { most = largest(most, number(down[i])) }
# One scale for steps and positions: a position is as wide as a step is high.
unit = panel / number(across[1])
height = top + bottom + most * unit
load folder . "/common.gp"

set palette defined (0 "#ffffff", 0.001 "#d6e6f2", 0.999 "#2f7fb8", 1 "#0b3c5d")
set cbrange [0:1]
unset colorbox
unset grid
set border 15
set multiplot
set label 99 "Step" at screen 6 / width, screen 1 - (top + number(down[1]) * unit / 2) / height center rotate
do for [i = 1:file_count] {
    steps = number(down[i]); positions = number(across[i])
    set lmargin at screen (left + (i - 1) * (panel + gap)) / width
    set rmargin at screen (left + (i - 1) * (panel + gap) + panel) / width
    set tmargin at screen 1 - top / height
    set bmargin at screen 1 - (top + steps * unit) / height
    set xrange [-0.5:positions - 0.5]
    set yrange [steps - 0.5:-0.5]
    set title title[i] offset 0, -0.6
    set xtics 0, 16 offset 0, 0.5
    set ytics 0, 16 offset 0.6, 0
    set xlabel i == (file_count + 1) / 2 ? "Position" : "" offset 0, 1.1
    # Cells overlap a little, or viewers would show seams between them.
    plot file[i] matrix using 1:2:($3 > 0 ? 0.53 : NaN):(0.53):3 with boxxyerror fillcolor palette fillstyle solid noborder
    unset label 99
}
unset multiplot

set output
