using Bench.Microbenchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// In this process: the default way generates and builds a project of its own, which the strict build settings here refuse. The default
// limit of a few minutes would end all benchmarks where one is slow, as on a machine that is busy otherwise.
var inThisProcess = new InProcessEmitToolchain(TimeSpan.FromHours(2), logOutput: true);
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(inThisProcess))
    .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "artifacts"))
    // TorchSharp.dll is compiled so on purpose, see ArgumentLifetimes
    .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.DisableOptimizationsValidator);
BenchmarkSwitcher.FromTypes([typeof(BoxedOperator), typeof(BytePairs), typeof(RandomNumbers), typeof(TextReading), typeof(TrainingStep)])
    .Run(args.Length == 0 ? ["--filter", "*"] : args, config);
