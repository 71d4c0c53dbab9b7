using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Bench.Results;

namespace Bench.Reporting.Figures;

/// <summary>Draws figures with the gnuplot that is installed.</summary>
/// <param name="templates">The folder of the <c>.gp</c> files.</param>
/// <param name="output">The report's folder, from which templates name their files.</param>
/// <param name="program">The program's name.</param>
internal sealed class Gnuplot(string templates, string output, string program = "gnuplot")
{
    /// <summary>What every figure is drawn as.</summary>
    public static readonly string[] Formats = ["svg", "pdf", "png"];

    /// <summary>Draws figures in every format, as many at once as there are cores.</summary>
    /// <returns>The files, in the order of the figures and then of the formats.</returns>
    /// <exception cref="SuiteException">gnuplot is not installed, or a template has a mistake.</exception>
    public ImmutableArray<string> Draw(IReadOnlyCollection<Figure> figures)
    {
        (Figure Figure, string Format)[] jobs = [.. figures.SelectMany(_ => Formats, (figure, format) => (figure, format))];
        string[] files = new string[jobs.Length];
        var failures = new SuiteException?[jobs.Length];
        Parallel.For(0, jobs.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (i, loop) =>
        {
            try
            {
                files[i] = Draw(jobs[i].Figure, jobs[i].Format);
            }
            catch (SuiteException failure)
            {
                failures[i] = failure;
                loop.Stop();
            }
        });
        return failures.FirstOrDefault(failure => failure is not null) is { } first ? throw first : [.. files];
    }

    /// <summary>Draws one format and returns the file, relative to the report's folder.</summary>
    /// <exception cref="SuiteException">gnuplot is not installed, or the template has a mistake.</exception>
    public string Draw(Figure figure, string format)
    {
        string template = Path.GetFullPath(Path.Combine(templates, figure.Name + ".gp"));
        string file = $"figures/{figure.FileName}.{format}";
        string drawn = Path.Combine(Path.GetFullPath(output), file);
        Run(
            template,
            $"format = {Figure.Quoted(format)}; folder = {Figure.Quoted(Path.GetFullPath(templates))}; "
            + $"settings = {Figure.Quoted($"data/{figure.FileName}.gp")}; target = {Figure.Quoted(file)}");
        if (!File.Exists(drawn))
            throw Broken(template, $"it wrote no {file}");
        byte[] content = File.ReadAllBytes(drawn), undated = Undated.Of(format, content);
        if (!undated.AsSpan().SequenceEqual(content))
            AtomicFile.Write(drawn, undated);
        return file;
    }

    private void Run(string template, string variables)
    {
        var start = new ProcessStartInfo(program, ["-e", variables, template])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetFullPath(output),
        };

        // The same results give the same bytes: no date, no user's settings, no language.
        start.Environment["SOURCE_DATE_EPOCH"] = "0";
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["GNUTERM"] = "dumb";
        try
        {
            using var gnuplot = Process.Start(start) ?? throw new Win32Exception();
            var said = gnuplot.StandardError.ReadToEndAsync();
            gnuplot.StandardOutput.ReadToEnd();
            gnuplot.WaitForExit();
            if (gnuplot.ExitCode == 0)
                return;
            string why = string.Join(' ', said.Result.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line != "^"));
            throw Broken(template, why.Length > 0 ? why : $"it ended with code {gnuplot.ExitCode}");
        }
        catch (Win32Exception absent)
        {
            throw new SuiteException(
                "gnuplot is not installed, and the figures are drawn with it; the tables are written.",
                "apt-get install gnuplot-nox (or your system's package of gnuplot 5.4 or newer), then run `bench report` again.",
                absent);
        }
    }

    private static SuiteException Broken(string template, string why) =>
        new($"gnuplot cannot draw {template}: {why}", "Mend the template, or restore it with `git checkout` of that file.");
}
