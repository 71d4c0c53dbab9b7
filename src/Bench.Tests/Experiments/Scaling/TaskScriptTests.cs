using System.Diagnostics;
using Bench.Experiments.Slurm;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Experiments.Scaling;

/// <summary>What a task does on a machine of the cluster, with stand-ins for the program and for Slurm's.</summary>
public sealed class TaskScriptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Task_i_carries_out_run_i_of_the_list_with_its_cores()
    {
        Program("bench", """printf '[%s]' "$@"; pwd""");
        var (code, output) = End(Task(i: 2));
        Assert.Equal(0, code);
        Assert.Contains("grid mdlm seed 1\n", output, StringComparison.Ordinal);
        Assert.Contains(
            $"/runs.jsonl][--results][{folder["it's results"]}][00000000000000a2][--threads][3]{folder["a $(b) place"]}\n", output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_exit_code_of_the_task_is_that_of_the_program(int code)
    {
        Program("bench", $"exit {code}");
        Assert.Equal(code, End(Task(i: 1)).Code);
    }

    [Fact]
    public void A_task_beyond_the_list_is_refused() => Assert.Equal(2, End(Task(i: 3)).Code);

    [Fact]
    public void A_task_at_its_time_limit_signals_the_program_once_and_is_requeued()
    {
        Program("bench", Patient);
        Program("squeue", "echo RUNNING");
        Program("scontrol", """echo "asked: $*" """);
        var (code, output) = End(TimedOut(Task(i: 2)));
        Assert.Equal(130, code);
        Assert.Contains("asked: requeue 41_2", output, StringComparison.Ordinal);
        Assert.Equal("signalled\n", File.ReadAllText(folder["signals"]));
    }

    [Fact]
    public void A_task_that_is_cancelled_leaves_the_program_to_the_signal_that_it_got_itself_and_does_not_start_again()
    {
        Program("bench", Patient);
        Program("squeue", """echo COMPLETING; echo asked > "$FOLDER/state" """);
        Program("scontrol", """echo "asked: $*" """);
        using var task = TimedOut(Task(i: 1));
        WaitFor("state", task);
        Signal(int.Parse(File.ReadAllText(folder["begun"]), System.Globalization.CultureInfo.InvariantCulture));
        var (code, output) = End(task);
        Assert.Equal(130, code);
        Assert.DoesNotContain("asked:", output, StringComparison.Ordinal);
        Assert.Equal("signalled\n", File.ReadAllText(folder["signals"]));
    }

    [Fact]
    public void Ranks_are_started_by_srun_which_hands_on_a_signal_that_does_not_kill_them()
    {
        Program("srun", """printf '[%s]' "$@" > "$FOLDER/started"; """ + Patient.Replace("TERM", "USR1", StringComparison.Ordinal)
            .Replace("exit 130", "exit 143", StringComparison.Ordinal)); // what Slurm makes of ranks that end a moment later
        Program("squeue", "echo RUNNING");
        Program("scontrol", """echo "asked: $*" """);
        var (code, output) = End(TimedOut(Task(i: 2, ranks: 4)));
        Assert.Equal(143, code);
        Assert.Contains("asked: requeue 41_2", output, StringComparison.Ordinal);
        Assert.Equal("signalled\n", File.ReadAllText(folder["signals"]));
        string started = File.ReadAllText(folder["started"]);
        Assert.StartsWith($"[--mpi=pmix][--ntasks=4][--cpus-per-task=3][--kill-on-bad-exit=1][{folder["bench"]}][array-task]", started,
            StringComparison.Ordinal);
        Assert.EndsWith("[--threads][3][--ranks][4]", started, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_cannot_be_made_ready_does_not_begin()
    {
        Program("bench", "echo begun");
        var (code, output) = End(Task(i: 1, setup: "false"));
        Assert.Equal(1, code);
        Assert.DoesNotContain("begun", output, StringComparison.Ordinal);
    }

    // Works until SIGTERM, and counts its signals.
    private const string Patient = """
        trap 'echo signalled >> "$FOLDER/signals"; sleep 0.5; exit 130' TERM
        echo $$ > "$FOLDER/begun.new"
        mv "$FOLDER/begun.new" "$FOLDER/begun"
        while :; do sleep 0.05; done
        """;

    private Process Task(int i, string setup = "true", int ranks = 1)
    {
        Directory.CreateDirectory(folder["a $(b) place"]);
        var submission = Submission.Of(Orders.Little with
        {
            Profile = Orders.Little.Profile with { Setup = [setup], Ranks = ranks },
            Program = [folder["bench"]],
            Place = folder["a $(b) place"],
            Results = folder["it's results"],
        });
        submission.Write();
        var start = new ProcessStartInfo("bash", [Path.Combine(submission.Folder, "array.sh")]) { RedirectStandardOutput = true,
            UseShellExecute = false };
        start.Environment["PATH"] = $"{folder.Path}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["FOLDER"] = folder.Path;
        start.Environment["SLURM_JOB_ID"] = "42";
        start.Environment["SLURM_ARRAY_JOB_ID"] = "41";
        start.Environment["SLURM_ARRAY_TASK_ID"] = $"{i}";
        start.Environment["SLURM_CPUS_PER_TASK"] = "3";
        return Process.Start(start)!;
    }

    private Process TimedOut(Process task)
    {
        WaitFor("begun", task);
        Signal(task.Id);
        return task;
    }

    private void WaitFor(string file, Process task)
    {
        while (!task.WaitForExit(10) && !File.Exists(folder[file]))
        {
        }
    }

    private static void Signal(int process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process}"]);
        kill.WaitForExit();
    }

    private static (int Code, string Output) End(Process task)
    {
        string output = task.StandardOutput.ReadToEnd();
        task.WaitForExit();
        return (task.ExitCode, output);
    }

    private void Program(string name, string bash)
    {
        folder.Write(name, $"#!/bin/bash\n{bash}\n");
        using var chmod = Process.Start("chmod", ["+x", folder[name]]);
        chmod.WaitForExit();
    }
}
