# Validation likelihood over training tokens, one line a method, named at its right end; n-gram levels are dashed.
#
# By hand, from the folder reports:  gnuplot -e "format='pdf'; target='x.pdf'" figures/training-curves.gp

if (!exists("folder")) folder = "figures"
if (!exists("settings")) settings = "data/training-curves.gp"
load settings
if (!exists("per")) per = "character"
load folder . "/common.gp"

set lmargin at screen 42 / width
set rmargin at screen 1 - label_width / width
set tmargin at screen 1 - 10 / height
set bmargin at screen 40 / height

# From the end of each line a thin one leads to its label, which may have had to move.
x_label = x_max * 1.04
set xrange [0:x_label]
set yrange [y_min:y_max]
set xlabel sprintf("Training tokens (%s)", x_unit) offset 0, 0.5
set ylabel "Bits per " . per offset 1.2, 0
set format x "%g"
set format y "%.1f"

number(text) = int(text)
# gnuplot 5.4 fails on labels and vectors of which none is drawn, hence has_levels.
plot for [k = 1:has_levels] labels skip 1 using (0):(column(1) == 0 ? column(3) : NaN):(x_max):(0) with vectors nohead linewidth 0.7 dashtype 2 linecolor rgb "#a0a0a0", \
     for [i = 1:colour_count] curves skip 1 using (column(1) == i ? column(3) / x_scale : NaN):4 with lines linewidth 1.5 dashtype number(dash[i]) linecolor rgb colour[i], \
     for [i = 1:colour_count] curves skip 1 using (column(1) == i ? column(3) / x_scale : NaN):4 with points pointtype 7 pointsize 0.32 linewidth 1 linecolor rgb colour[i], \
     for [k = 1:has_levels] labels skip 1 using (column(1) == 0 ? x_max : NaN):3:(x_label - x_max):($4 - $3) with vectors nohead linewidth 0.5 linecolor rgb "#a0a0a0", \
     for [k = 1:has_levels] labels skip 1 using (column(1) == 0 ? x_label : NaN):4:2 with labels left offset character 0.3, 0 textcolor rgb "#808080", \
     for [i = 1:colour_count] labels skip 1 using (column(1) == i ? x_max : NaN):3:(x_label - x_max):($4 - $3) with vectors nohead linewidth 0.5 linecolor rgb colour[i], \
     for [i = 1:colour_count] labels skip 1 using (column(1) == i ? x_label : NaN):4:2 with labels left offset character 0.3, 0 textcolor rgb colour[i]

set output
