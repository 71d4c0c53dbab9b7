using Bench.Cli;
using Bench.Cli.Commands;

using var interruption = new Interruption();
return Application.Run(args, CliEnvironment.OfProcess(interruption));
