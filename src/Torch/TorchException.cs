using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>libtorch refused a call. The message is libtorch's own, after the operator's name and the shapes of its arguments.</summary>
public sealed class TorchException(string message) : ExternalException(message);
