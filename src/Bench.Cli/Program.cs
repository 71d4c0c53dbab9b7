using Bench.Cli;

using var interruption = new Interruption();
return Application.Run(args, CliEnvironment.OfProcess(interruption));
