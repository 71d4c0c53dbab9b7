# gnuplot docs/memory.gp: what 'bench speed --memory train-mdlm-quick --csv docs/memory.csv' measured.
set terminal svg size 640,320 font 'sans-serif,12' background 'white'
set output 'docs/memory.svg'
set datafile separator ','
set xlabel 'Step'
set ylabel 'MiB'
set yrange [0:280]
set key center
set border 3
set tics nomirror
plot for [i=4:6] 'docs/memory.csv' using 3:i skip 1 with lines linewidth 2 title word('resident native-heap-in-use managed-heap', i-3)
