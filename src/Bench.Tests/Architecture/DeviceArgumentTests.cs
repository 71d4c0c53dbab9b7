using System.Text.RegularExpressions;
using Xunit;

namespace Bench.Tests.Architecture;

/// <summary>
/// Every tensor is made on the device it is used on: a factory without a device makes it on the CPU, where a network on a card cannot use
/// it, and without a card no test notices.
/// </summary>
public sealed partial class DeviceArgumentTests
{
    private static readonly string[] Projects =
        ["src/Bench", "src/Kernels", "src/Bench.Reference", "src/Bench.Experiments", "src/Bench.Cli", "src/Tasks"];

    // What is on the CPU on purpose.
    private static readonly Dictionary<string, string> Declared = new(StringComparer.Ordinal)
    {
        ["src/Bench/Backbone/Affine.cs"] = "first weights; Ddit.On moves them",
        ["src/Bench/Training/Checkpoint.cs"] = "read from a file, copied into a weight wherever that is",
        ["src/Bench/Pretrained/Llama.cs"] = "read from a file, then moved",
        ["src/Bench/Pretrained/Gpt2.cs"] = "read from a file, then moved",
        ["src/Bench/Published/StoredTensor.cs"] = "read from a file, copied into a weight wherever that is",
        ["src/Bench/Published/Unpickler.cs"] = "describes a tensor of a file, which is none yet",
        ["src/Bench.Experiments/Speed/SpeedBench.cs"] = "products of the processor, timed beside the networks",
    };

    [Fact]
    public void Every_tensor_is_made_with_a_device() => Nothing.In(
        from project in Projects
        from path in Repository.Files("*.cs", project)
        where !Declared.ContainsKey(path.Replace(Path.DirectorySeparatorChar, '/'))
        from call in Calls(File.ReadAllText(Path.Combine(Repository.Root, path)))
        where !call.HasDevice
        select $"{path}:{call.Line}: {call.Text} makes a tensor on the CPU; give it a device, or put .On(device) behind it");

    [Fact]
    public void Every_tensor_is_read_on_the_host() => Nothing.In(
        from project in Projects
        from path in Repository.Files("*.cs", project)
        where !Declared.ContainsKey(path.Replace(Path.DirectorySeparatorChar, '/')) && !path.Contains("Published", StringComparison.Ordinal)
        let text = File.ReadAllText(Path.Combine(Repository.Root, path))
        from Match read in Reads().Matches(text)
        where !text.AsSpan(0, read.Index).EndsWith(".OnHost()", StringComparison.Ordinal)
            && !text.AsSpan(0, read.Index).EndsWith(".cpu()", StringComparison.Ordinal)
        select $"{path}:{Line(text, read.Index)}: {read.Value} reads a tensor that may be on a card; put .OnHost() in front of it");

    [Fact]
    public void What_is_declared_is_there() => Assert.All(Declared.Keys, path =>
        Assert.Contains(Calls(File.ReadAllText(Path.Combine(Repository.Root, path))), call => !call.HasDevice));

    [Theory]
    [InlineData("zeros([1], int64)", false), InlineData("zeros([1], int64, x.device)", true), InlineData("tensor(values).On(device)", true)]
    [InlineData("tensor(values, device: device)", true), InlineData("tensor([.. steps.Select(of)], x.dtype)", false)]
    [InlineData("torch.ones(2)", false), InlineData("arange(f(a, b), device)", true), InlineData("x.zeros_like(y)", null)]
    [InlineData("zeros_like(x)", null), InlineData("x.tensor(1)", null), InlineData("rand(shape)", false)]
    [InlineData("tensor([1L], MetaDevice)", false), InlineData("zeros([rows], type, CPU)", true), InlineData("// zeros(1)", null)]
    public void A_factory_without_a_device_is_found(string code, bool? hasDevice) =>
        Assert.Equal(hasDevice is { } has ? [has] : [], Calls(code).Select(call => call.HasDevice));

    private static IEnumerable<(int Line, string Text, bool HasDevice)> Calls(string text)
    {
        foreach (Match match in Factories().Matches(text))
        {
            int lineStart = text.LastIndexOf('\n', match.Index) + 1;
            if (text[lineStart..match.Index].Contains("//", StringComparison.Ordinal))
                continue;
            int open = match.Index + match.Length - 1, end = open, depth = 0;
            do
            {
                depth += text[end] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
                end++;
            }
            while (depth > 0 && end < text.Length);
            string arguments = text[open..end];
            // The argument itself, or what is behind the call, on its line or the next.
            yield return (Line(text, match.Index), match.Value + "..", Devices().IsMatch(arguments) || Moved().IsMatch(text[end..]));
        }
    }

    private static int Line(string text, int at) => text.AsSpan(0, at).Count('\n') + 1;

    // As members of torch, imported or named; not as methods of something else, and not those that take a tensor's device (zeros_like).
    [GeneratedRegex(@"(?<![\w.>]|new )((TorchSharp\.)?torch\.)?(zeros|ones|tensor|arange|empty|full|rand|randn|randint|randperm|eye|"
        + @"linspace|logspace|empty_strided|from_array|as_tensor|frombuffer|scalar_tensor|tril_indices|triu_indices)\(",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Factories();

    [GeneratedRegex(@"[,\s](device: )?(\w+\.)*([dD]evice|CPU)\s*\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Devices();

    [GeneratedRegex(@"^\s*\.On\(")]
    private static partial Regex Moved();

    [GeneratedRegex(@"\.data<(double|float|long|bool|int|byte)>\(\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Reads();
}
