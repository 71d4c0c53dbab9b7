using System;
using System.IO;
using System.Linq;

namespace Bench.Kernels.Loading;

/// <summary>Makes the arguments of TorchSharp's methods live until the methods return.</summary>
/// <remarks>
/// TorchSharp 0.107 hands the address of a Scalar to libtorch (the 2 of <c>x * 2</c>, the factor 1 of <c>x + y</c>) and keeps no reference
/// to it. In optimised code the runtime may then finalise the Scalar while libtorch still reads it. Code that is compiled as for a debugger
/// keeps every argument to the end of its method, so a copy of the assembly that asks for that (DebuggableAttribute; ECMA-335, II.23.3)
/// takes the package's place in what is built. Measured in turn with the package's (three rounds, AMD EPYC): training steps are as fast
/// within noise, AR's generation of one text takes one to four percent longer. The build compiles this file as a task, for .NET Standard;
/// see Directory.Build.targets.
/// </remarks>
public static class ArgumentLifetimes
{
    // DebuggableAttribute(IgnoreSymbolStoreSequencePoints): length, prolog, the argument in four bytes, no named arguments. Default |
    // DisableOptimizations are added.
    private static readonly byte[] Optimised = { 8, 1, 0, 2, 0, 0, 0, 0, 0 };
    private static readonly byte[] Kept = { 8, 1, 0, 3, 1, 0, 0, 0, 0 };

    /// <summary>Whether an assembly asks for it.</summary>
    /// <param name="assembly">The bytes of its file.</param>
    public static bool AreKept(byte[] assembly) => Find(assembly, Kept) >= 0;

    /// <summary>The same assembly, asking for it.</summary>
    /// <param name="assembly">The bytes of its file; they stay as they are.</param>
    /// <exception cref="InvalidDataException">The attribute is not there, or not once.</exception>
    public static byte[] Keep(byte[] assembly)
    {
        int at = Find(assembly, Optimised);
        if (at < 0 || Find(assembly, Optimised, at + 1) >= 0)
            throw new InvalidDataException("its DebuggableAttribute is not where that of TorchSharp 0.107.0 is");
        byte[] copy = assembly.ToArray();
        Kept.CopyTo(copy, at);
        return copy;
    }

    private static int Find(byte[] file, byte[] pattern, int from = 0)
    {
        for (int at = from; at <= file.Length - pattern.Length; at++)
        {
            int same = 0;
            while (same < pattern.Length && file[at + same] == pattern[same])
                same++;
            if (same == pattern.Length)
                return at;
        }

        return -1;
    }
}

#if !NET
/// <summary>Makes a copy of TorchSharp's assembly whose methods keep their arguments.</summary>
public sealed class KeepArguments : Microsoft.Build.Utilities.Task
{
    /// <summary>The assembly in its package, which is left as it is.</summary>
    [Microsoft.Build.Framework.Required]
    public string Assembly { get; set; }

    /// <summary>Where the copy goes.</summary>
    [Microsoft.Build.Framework.Required]
    public string Copy { get; set; }

    /// <summary>The copy; empty where the package's assembly is taken as it is.</summary>
    [Microsoft.Build.Framework.Output]
    public string Made { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        Made = "";
        try
        {
            byte[] kept = ArgumentLifetimes.Keep(File.ReadAllBytes(Assembly));
            Made = Copy;
            if (File.Exists(Copy) && File.ReadAllBytes(Copy).SequenceEqual(kept))
                return true;
            Directory.CreateDirectory(Path.GetDirectoryName(Copy));
            File.WriteAllBytes(Copy, kept);
        }
        catch (InvalidDataException other)
        {
            string name = Path.GetFileName(Assembly);
            Log.LogWarning(
                $"{name} is taken as it is in its package: {other.Message}. A number that an operator is given may be freed while it is " +
                    "read; take TorchSharp 0.107.0.");
        }

        return true;
    }
}
#endif
