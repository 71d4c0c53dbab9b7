using System.Text;

namespace Bench.Experiments.Scaling;

/// <summary>The script that submits the others, each after those that it needs. It says what it submitted, one line a job: what, then id.</summary>
internal static class SubmitScript
{
    /// <summary>All of it.</summary>
    /// <param name="folder">Where the scripts lie.</param>
    /// <param name="judges">Null for none.</param>
    /// <param name="runs">Null for none.</param>
    /// <param name="report">The report's.</param>
    public static string Text(string folder, string? judges, string? runs, string report)
    {
        var text = new StringBuilder($$"""
            #!/bin/bash
            # Submits the scripts beside it; prints what they are and the ids of their jobs.
            set -Eeuo pipefail
            cd {{ShellWord.Of(folder)}}
            mkdir -p logs

            jobs=()
            trap '((${#jobs[@]} == 0)) || scancel "${jobs[@]}"' ERR # Half a submission is none.
            submit() {
                local id
                id=$(sbatch --parsable "${@:2}")
                jobs+=("${id%%;*}")
                echo "$1 ${id%%;*}"
            }


            """.ReplaceLineEndings("\n"));
        if (judges is not null)
            text.Append($"submit judges {judges}\n");
        if (runs is not null)
            text.Append($"submit runs {(judges is null ? "" : "--dependency=afterok:\"${jobs[0]}\" --kill-on-invalid-dep=yes ")}{runs}\n");
        text.Append($"submit report --dependency=\"afterany$(printf ':%s' \"${{jobs[@]}}\")\" {report}\n");
        return text.ToString();
    }
}
