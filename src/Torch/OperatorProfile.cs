using TorchSharp.Native;

namespace TorchSharp;

/// <summary>Times every operator of a piece of work, backward passes included. Only the own binding has this type.</summary>
/// <remarks>Kernels that are no operators show when they say so, by RECORD_USER_SCOPE("name"). Looking on costs about a microsecond an operator.</remarks>
public static unsafe class OperatorProfile
{
    /// <summary>The operators of a piece of work, those that took longest first.</summary>
    /// <param name="work">What is looked at; no other thread may compute meanwhile.</param>
    /// <exception cref="TorchException">A profile is being taken already.</exception>
    public static IReadOnlyList<OperatorTime> Of(Action work)
    {
        Engine.Load();
        Library.Check(Library.bt_profile_start());
        int count;
        try
        {
            work();
        }
        finally
        {
            Library.Check(Library.bt_profile_stop(out count));
        }

        return [.. Enumerable.Range(0, count).Select(Entry).OrderByDescending(entry => entry.Seconds).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    private static OperatorTime Entry(int index)
    {
        const double Nano = 1e-9;
        byte* name;
        Library.Check(Library.bt_profile_entry(index, &name, out int backward, out long calls, out long self));
        return new(Library.Text(name), backward != 0, calls, self * Nano);
    }
}
