# Test likelihood with its standard error, a dot a method. Diamonds are upper bounds, grey dots n-gram models.
#
# By hand, from the folder reports:  gnuplot -e "format='pdf'; target='x.pdf'" figures/likelihood.gp

if (!exists("folder")) folder = "figures"
if (!exists("settings")) settings = "data/likelihood.gp"
load settings
if (!exists("per")) per = "character"
load folder . "/common.gp"

set lmargin at screen (label_width + 14) / width
set rmargin at screen 1 - 84 / width
set tmargin at screen 1 - 6 / height
set bmargin at screen 38 / height

set border 1
set grid noytics xtics linewidth 0.4 linetype 1 linecolor rgb "#d8d8d8"
unset ytics
set errorbars 0
set xrange [x_min:x_max]
set yrange [0.4:rows + 0.6]
set xlabel "Bits per " . per . " of the test text (lower is better)" offset 0, 0.5
set format x "%.1f"

symbol(bound) = bound == 1 ? 13 : 7
plot dots skip 1 using (x_min):1:(x_max - x_min):(0) with vectors nohead linewidth 0.4 dashtype 3 linecolor rgb "#c0c0c0", \
     dots skip 1 using 3:1:4:7 with xerrorbars pointtype 0 linewidth 1.2 linecolor rgb variable, \
     dots skip 1 using 3:1:(symbol(column(5))):7 with points pointsize 0.62 linewidth 1 pointtype variable linecolor rgb variable, \
     dots skip 1 using (x_min):1:2 with labels right offset character -0.8, 0, \
     dots skip 1 using (x_max):1:6 with labels left offset character 0.8, 0

set output
