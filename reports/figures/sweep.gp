# What a swept value does: lines with 95 % bars, in panels that share the horizontal axis, each line named at the right
# and led to by a thin line from its end.
#
# By hand, from the folder reports:  gnuplot -e "format='pdf'; target='x.pdf'; settings='data/sweep-width.gp'" figures/sweep.gp

if (!exists("folder")) folder = "figures"
if (!exists("settings")) settings = "data/sweep-width.gp"
load settings
load folder . "/common.gp"

number(text) = int(text)
above(p) = 1 - (20 + (p - 1) * (panel_height + 26)) / height
below(p) = above(p) - panel_height / height

# The label column begins a little to the right of the axes' end.
gap = 1.03
reach(x) = x_log == 1 ? x * (x_max / x_min) ** (gap - 1) : x + (x_max - x_min) * (gap - 1)
x_label = reach(x_max)

set lmargin at screen 52 / width
set rmargin at screen 1 - label_width / width
if (x_log == 1) set logscale x
set xrange [x_min:x_label]
set errorbars 0.6
set multiplot
do for [p = 1:title_count] {
    set tmargin at screen above(p)
    set bmargin at screen below(p)
    unset label
    unset logscale y
    if (y_log[p] eq "1") { set logscale y }
    low = real(y_min[p])
    high = real(y_max[p])
    set yrange [low:high]
    eval "set ytics (" . y_tics[p] . ")"
    set grid noxtics ytics linewidth 0.4 linetype 1 linecolor rgb "#d8d8d8"
    set label 4 y_title[p] at screen 12 / width, screen (above(p) + below(p)) / 2 center rotate by 90
    eval "set xtics (" . (p == title_count ? x_tics : x_marks) . ")"
    if (p == title_count) { set xlabel x_title offset 0, 0.5 } else { unset xlabel }
    a = number(first[p])
    b = number(last[p])
    plot labels skip 1 using (column(1) == p ? column(4) : NaN):5:(x_label - column(4)):(column(6) - column(5)) with vectors nohead linewidth 0.4 linecolor rgb "#c0c0c0", \
         for [s = a:b] curves skip 1 using (column(2) == s ? column(6) : NaN):7 with lines linewidth 1.4 dashtype number(dash[s]) linecolor rgb colour[s], \
         for [s = a:b] curves skip 1 using (column(2) == s ? column(6) : NaN):7:(column(8) > low ? column(8) : low):9 with yerrorbars pointtype 7 pointsize 0.01 linewidth 1 dashtype 1 linecolor rgb colour[s], \
         for [s = a:b] curves skip 1 using (column(2) == s ? column(6) : NaN):7 with points pointtype 7 pointsize 0.5 linecolor rgb colour[s], \
         labels skip 1 using (column(1) == p ? x_label : NaN):6:3:7 with labels left offset character 0.3, 0 textcolor rgb variable
}
unset multiplot

set output
