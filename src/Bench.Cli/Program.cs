using Bench.Cli;

using var interruption = new Interruption();
return Application.Run(args, Surroundings.OfProcess(interruption.Token, interruption.Now));
