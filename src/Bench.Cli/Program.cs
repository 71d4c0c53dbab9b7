using Bench.Cli;
using Bench.Cli.Commands.Ranks;

RankedProgram.LeaveTerminal(Environment.GetEnvironmentVariable);
using var interruption = new Interruption();
return RankedProgram.Run(args, CliEnvironment.OfProcess(interruption), Environment.GetEnvironmentVariable);
