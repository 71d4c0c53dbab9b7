using System.Collections.Concurrent;
using System.CommandLine;
using Bench.Cli.Work;
using Bench.Experiments.Planning;

namespace Bench.Cli.Commands;

/// <summary>
/// <c>bench work</c>: what <c>--jobs</c> starts. Carries out the runs that come in, a line of JSON each, and reports what happens as lines
/// of JSON; ends when the input is closed.
/// </summary>
internal static class WorkCommand
{
    public static Command Of(Func<ParseResult, Session> open)
    {
        var retry = new Option<bool>("--retry") { Description = "Run again what failed before" };
        var force = new Option<bool>("--force") { Description = "Begin what does not fit all the same" };
        var parts = MicroBatchOption.Of();
        var command = new Command(WorkerOrders.Command, "Carry out runs for another process") { retry, force, parts };
        command.Hidden = true;
        command.SetAction(parsed => Work(open(parsed), parsed.GetValue(retry), parsed.GetValue(force), parsed.GetValue(parts)));
        return command;
    }

    private static int Work(Session session, bool retry, bool force, int? microBatch)
    {
        var environment = session.Here;
        var events = new EventWriter(environment.Output, environment.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(environment.Stop);
        session = session.StoppedBy(stop.Token);
        using var orders = new BlockingCollection<string>();
        // A closed input is the request to stop, or means that the parent process has ended.
        new Thread(() => Listen(environment.Input, orders, stop)) { IsBackground = true }.Start();
        string current = "";
        try
        {
            using var runner = session.NewRunner(force);
            while (!stop.IsCancellationRequested && Next(orders, stop.Token) is { } order)
            {
                var run = PlannedRun.FromJson(order).InMicroBatches(microBatch);
                current = run.Id;
                using var saving = environment.Save();
                if (run.Spec.Model is not null || run.Spec.Scorer is not null)
                    session.LoadEngine();
                events.Left(run, runner.Run(run, events, retry, stop.Token));
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            var (what, fix) = Failures.Explain(failure);
            events.Refused(current, what, fix);
            environment.Error.WriteLine(failure);
            return ExitCodes.Failure;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // As requested.
        }

        return environment.Stop.IsCancellationRequested ? ExitCodes.Interrupted : ExitCodes.Success;
    }

    private static string? Next(BlockingCollection<string> orders, CancellationToken stop)
    {
        try
        {
            return orders.TryTake(out string? order, Timeout.Infinite, stop) ? order : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static void Listen(TextReader input, BlockingCollection<string> orders, CancellationTokenSource stop)
    {
        try
        {
            while (input.ReadLine() is { } line)
                orders.Add(line.Trim());
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The process is about to end.
        }
    }
}
