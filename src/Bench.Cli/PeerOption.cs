using System.CommandLine;

namespace Bench.Cli;

/// <summary>The option that names somebody else's code, and the Python that runs it.</summary>
internal static class PeerOption
{
    private const int Words = 2;

    public static Option<string[]> Of()
    {
        var option = new Option<string[]>("--peer")
        {
            Description = "Measure MDLM's own code in turn with ours: a Python that has PyTorch, and a checkout of github.com/kuleshov-group/mdlm",
            HelpName = "python> <checkout",
            Arity = new ArgumentArity(0, Words),
            AllowMultipleArgumentsPerToken = true,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count != Words)
                result.AddError($"two words are needed behind it, a Python and a checkout of kuleshov-group/mdlm, but there {(result.Tokens.Count == 1 ? "is 1" : $"are {result.Tokens.Count}")}\nWrite for example --peer python3 ../mdlm.");
        });
        return option;
    }
}
