using System.Globalization;
using System.Text.RegularExpressions;
using Bench.Kernels;
using Bench.Results;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Experiments.Machine;

/// <summary>
/// Where networks are asked to be: <c>cpu</c>, <c>cuda</c>, <c>cuda:n</c>, or <c>auto</c>, which is CUDA where there is a card and the CPU
/// elsewhere. It is an option of a run, recorded in environment.json; no run is named after it.
/// </summary>
public sealed partial record DeviceChoice
{
    /// <summary>The environment variable that says it where no option does.</summary>
    public const string Variable = "BENCH_DEVICE";

    /// <summary>What can be asked for, for messages.</summary>
    public const string Known = "auto, cpu, cuda or cuda:<n>";

    private const string CudaLibrary = "libtorch_cuda.so";

    private DeviceChoice(bool isCuda, bool isRequired, int? index) => (IsCuda, IsRequired, Index) = (isCuda, isRequired, index);

    /// <summary>CUDA where there is a card, else the CPU.</summary>
    public static DeviceChoice Auto { get; } = new(isCuda: true, isRequired: false, index: null);

    /// <summary>Whether it is CUDA where that can be had.</summary>
    public bool IsCuda { get; }

    /// <summary>Whether nothing else will do.</summary>
    public bool IsRequired { get; }

    /// <summary>The card's number; null for the first.</summary>
    public int? Index { get; }

    /// <summary>Whether it comes to a card here.</summary>
    public bool IsCard => IsCuda && HasCudaLibrary && Engine.Problem is null && NoCuda() is null;

    private static bool HasCudaLibrary => new[] { AppContext.BaseDirectory, Engine.Location }
        .Any(folder => folder is not null && File.Exists(Path.Combine(folder, CudaLibrary)));

    /// <summary>Why networks cannot be on a card, and what to do; null where they can. libtorch has to be there.</summary>
    public static (string What, string Fix)? NoCuda()
    {
        const string Otherwise = "or use --device cpu.";
        if (!HasCudaLibrary)
            return ("this program was built with libtorch for the CPU alone", $"Build it with 'make build CUDA=true', {Otherwise}");
        return cuda.is_available() && cuda.device_count() > 0
            ? null
            : ("libtorch finds no CUDA card",
                $"See whether 'nvidia-smi' lists one, and what CUDA_VISIBLE_DEVICES and the container leave visible, {Otherwise}");
    }

    /// <summary>Reads a choice.</summary>
    /// <returns>Null where it is none.</returns>
    public static DeviceChoice? Parse(string text) => text switch
    {
        "auto" => Auto,
        "cpu" => new(isCuda: false, isRequired: true, index: null),
        "cuda" => new(isCuda: true, isRequired: true, index: null),
        _ when Numbered().Match(text) is { Success: true } match =>
            new(isCuda: true, isRequired: true, int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture)),
        _ => null,
    };

    /// <summary>What an option says or, where it is left out, the environment; <see cref="Auto"/> where neither says anything.</summary>
    /// <param name="option">What --device says; null for nothing.</param>
    /// <param name="variable">What <see cref="Variable"/> says; null or empty for nothing.</param>
    /// <returns>Null where the variable's value is none; options are checked where they are read.</returns>
    public static DeviceChoice? Of(string? option, string? variable) =>
        Parse(option ?? (string.IsNullOrEmpty(variable) ? Auto.ToString() : variable));

    /// <summary>
    /// The same for one of several processes of a machine: where no card is named, each takes its own, in turn where there are fewer.
    /// libtorch has to be there.
    /// </summary>
    /// <param name="localRank">Its number among them.</param>
    public DeviceChoice OfRank(int localRank) =>
        Index is null && IsCard ? new(isCuda: true, IsRequired, localRank % cuda.device_count()) : this;

    /// <summary>Puts the networks of this process there. libtorch has to be there.</summary>
    /// <returns>The device.</returns>
    /// <exception cref="SuiteException">A card is asked for that is not there.</exception>
    public Device Use() => TorchEnvironment.Device = Find();

    /// <summary>The device that it comes to here.</summary>
    /// <exception cref="SuiteException">A card is asked for that is not there.</exception>
    public Device Find()
    {
        if (!IsCuda)
            return CPU;
        if (NoCuda() is var (what, fix))
            return IsRequired ? throw new SuiteException($"--device {this} is not to be had: {what}", fix) : CPU;
        int cards = cuda.device_count(), index = Index ?? 0;
        return index < cards
            ? new Device(DeviceType.CUDA, index)
            : throw new SuiteException(
                $"--device {this} is not to be had: {(cards == 1 ? "one card is" : $"{cards} cards are")} visible",
                $"Write cuda:0{(cards == 1 ? "" : $" to cuda:{cards - 1}")}.");
    }

    /// <summary>As it is written.</summary>
    public override string ToString() => !IsRequired ? "auto" : !IsCuda ? "cpu" : Index is { } n ? $"cuda:{n}" : "cuda";

    [GeneratedRegex(@"^cuda:(?<n>\d{1,3})$", RegexOptions.ExplicitCapture)]
    private static partial Regex Numbered();
}
