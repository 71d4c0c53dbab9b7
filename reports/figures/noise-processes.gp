# Noise processes side by side: what a word has become by time t, as shares that sum to one.
#
# By hand, from the folder of the pictures:  gnuplot -e "format='pdf'; target='x.pdf'; folder='<figures>'" <figures>/noise-processes.gp

if (!exists("folder")) folder = "../figures"
if (!exists("settings")) settings = "data/noise-processes.gp"
load settings

left = 34.0; right = 6.0; top = 20.0; bottom = 44.0; gap = 12.0
panel = (width - left - right - (file_count - 1) * gap) / file_count
height = top + bottom + panel
load folder . "/common.gp"

unset grid
set border 15
set xrange [0:1]
set yrange [0:1]
set xtics ("0" 0, "½" 0.5, "1" 1) offset 0, 0.5
set multiplot
set label 99 "Share of words" at screen 6 / width, screen (bottom + panel / 2) / height center rotate
do for [i = 1:file_count] {
    set lmargin at screen (left + (i - 1) * (panel + gap)) / width
    set rmargin at screen (left + (i - 1) * (panel + gap) + panel) / width
    set tmargin at screen 1 - top / height
    set bmargin at screen bottom / height
    set title title[i] offset 0, -0.6
    if (i == 1) { set ytics 0, 0.5 offset 0.6, 0; set format y "%.1f" } else { set ytics 0, 0.5; set format y "" }
    set xlabel i == (file_count + 1) / 2 ? "Noise time t" : "" offset 0, 1.1
    if (i == file_count) {
        array colour[3] = ["#0072B2", "#E69F00", "#c8c8c8"]
        array meaning[3] = ["kept", "a random word", "masked"]
        array start[3] = [116, 160, 242]
        do for [k = 1:3] {
            set object k rectangle at screen (left + start[k]) / width, screen 8 / height size screen 8 / width, screen 8 / height fillcolor rgb colour[k] fillstyle solid noborder
            set label k meaning[k] at screen (left + start[k] + 8) / width, screen 8 / height
        }
    }
    plot file[i] skip 1 using 1:(0):2 with filledcurves fillcolor rgb "#0072B2" fillstyle solid, \
         file[i] skip 1 using 1:2:($2 + $3) with filledcurves fillcolor rgb "#E69F00" fillstyle solid, \
         file[i] skip 1 using 1:($2 + $3):(1) with filledcurves fillcolor rgb "#c8c8c8" fillstyle solid
    unset label 99
}
unset multiplot

set output
