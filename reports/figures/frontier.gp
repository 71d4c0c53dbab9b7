# What methods trade for what: lines through settings, in panels that share the horizontal axis, each line named at the
# right and led to by a thin line from its end. Lines of the other panels are grey.
#
# By hand, from the folder reports:  gnuplot -e "format='pdf'; target='x.pdf'; settings='data/frontier-steps.gp'" figures/frontier.gp

if (!exists("folder")) folder = "figures"
if (!exists("settings")) settings = "data/frontier-temperature.gp"
load settings
load folder . "/common.gp"

number(text) = int(text)

# A ring, an open square and an open triangle hide the line that they lie on.
is_open(text) = int(text) % 2 == 0
size(main) = main == 1 ? 0.72 : 0.48
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
set grid noxtics noytics
set samples 2
set multiplot
do for [p = 1:title_count] {
    set tmargin at screen above(p)
    set bmargin at screen below(p)
    unset label
    unset arrow
    unset logscale y
    if (y_log[p] eq "1") { set logscale y }
    low = real(y_min[p])
    high = real(y_max[p])
    set yrange [low:high]
    eval "set ytics (" . y_tics[p] . ")"
    set grid ytics linewidth 0.4 linetype 1 linecolor rgb "#d8d8d8"
    set label 4 y_title[p] at screen 12 / width, screen (above(p) + below(p)) / 2 center rotate by 90
    set label 1 title[p] at graph 0, 1 left offset character 0, 0.7
    eval "set xtics (" . (p == title_count ? x_tics : x_marks) . ")"
    if (p == title_count) { set xlabel x_title offset 0, 0.5 } else { unset xlabel }
    if (x_reference ne "") {
        set arrow 1 from real(x_reference), graph 0 to real(x_reference), graph 1 nohead linewidth 0.9 dashtype 2 linecolor rgb "#808080"
        set label 2 x_reference_words at real(x_reference), graph 0 left offset character 0.5, 0.7 textcolor rgb "#808080"
    }
    if (y_reference[p] ne "") {
        set arrow 2 from graph 0, first real(y_reference[p]) to graph 1, first real(y_reference[p]) nohead linewidth 0.9 dashtype 2 linecolor rgb "#808080"
        set label 3 y_reference_words[p] at graph 1, first real(y_reference[p]) right offset character -0.6, 0.6 textcolor rgb "#808080"
    }
    a = number(first[p])
    b = number(last[p])
    others = grey[p] eq "1" ? colour_count : 0
    plot for [s = 1:others] curves skip 1 using (column(2) == s ? column(6) : NaN):7 with lines linewidth 0.7 linecolor rgb "#c0c0c0", \
         for [k = 1:has_diagonal] x with lines linewidth 0.9 dashtype 2 linecolor rgb "#808080", \
         labels skip 1 using (column(1) == p ? column(4) : NaN):5:(x_label - column(4)):(column(6) - column(5)) with vectors nohead linewidth 0.4 linecolor rgb "#c0c0c0", \
         for [s = a:b] curves skip 1 using (column(2) == s ? column(6) : NaN):7 with lines linewidth 1.4 dashtype number(dash[s]) linecolor rgb colour[s], \
         for [s = a:b] curves skip 1 using (column(2) == s ? column(6) : NaN):7:(is_open(mark[s]) ? size(column(10)) : 0.01) with points pointtype 7 pointsize variable linecolor rgb "#ffffff", \
         for [s = a:b] curves skip 1 using (column(2) == s ? column(6) : NaN):7:(size(column(10))) with points pointtype number(mark[s]) pointsize variable linewidth 0.9 linecolor rgb colour[s], \
         labels skip 1 using (column(1) == p ? x_label : NaN):6:3:7 with labels left offset character 0.3, 0 textcolor rgb variable
}
unset multiplot

set output
