namespace Bench.Experiments.Scaling;

/// <summary>The script that makes the report of whatever there is when all tasks have ended, however they ended.</summary>
internal static class ReportScript
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(30);

    /// <summary>All of it.</summary>
    public static string Text(BatchHead head, Preparation ready, string job) => $"""
        #!/bin/bash
        # Makes the report when all tasks have ended, however they ended.
        {head.Single(job, Most).TrimEnd('\n')}

        {ready.Lines}

        exec {ready.Report}

        """;
}
