using System.CommandLine;

namespace Bench.Cli.Options;

/// <summary>The option that names a Python, and the code of somebody else's that it may run.</summary>
internal static class PeerOption
{
    private const int MostWords = 2;

    public static Option<string[]> Of()
    {
        var option = new Option<string[]>("--peer")
        {
            Description = "Measure another implementation in turn with ours: a Python that has PyTorch 2 trains and samples the same networks, compiled; with a checkout of github.com/kuleshov-group/mdlm behind it, MDLM's own code",
            HelpName = "python [checkout]",
            Arity = ArgumentArity.ZeroOrMore, // how many are right is said in words below
            AllowMultipleArgumentsPerToken = true,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 0)
                result.AddError("a Python is needed behind it, and for MDLM's own code a checkout of kuleshov-group/mdlm\nWrite for example --peer python3.");
            else if (result.Tokens.Count > MostWords)
                result.AddError($"a Python and perhaps a checkout of kuleshov-group/mdlm are wanted behind it, but there are {result.Tokens.Count} words\nPut a Python that is started with arguments into quotes: --peer \"chroot /srv/debian python3\".");
            else if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError("a word behind it is empty\nWrite for example --peer python3, or --peer python3 ../mdlm.");
        });
        return option;
    }
}
