using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>An ATen operator, found by the name its schema has ("add.Tensor"), called with boxed values.</summary>
/// <remarks>A new operator is one line: <c>public Tensor add(Tensor other) => Operator.Tensor("add.Tensor", this, other);</c></remarks>
internal static unsafe class Operator
{
    private const int MostResults = 64;

    private static readonly ConcurrentDictionary<string, nint> Handles = new(StringComparer.Ordinal);

    /// <summary>Calls an operator that returns one tensor.</summary>
    public static torch.Tensor Tensor(string name, params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Call(name, arguments, &result, 1);
        return torch.Tensor.Own(result.Handle);
    }

    /// <summary>Calls an operator that works in place and returns its first argument.</summary>
    public static torch.Tensor InPlace(torch.Tensor self, string name, params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Call(name, arguments, &result, 1);
        Library.bt_free(result.Handle); // the result is self once more
        return self;
    }

    /// <summary>Calls an operator that returns a tuple or a list of tensors.</summary>
    public static torch.Tensor[] Tensors(string name, params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc Value[MostResults];
        var produced = Call(name, arguments, results, MostResults);
        var tensors = new torch.Tensor[produced];
        for (var i = 0; i < produced; i++)
            tensors[i] = torch.Tensor.Own(results[i].Handle);
        return tensors;
    }

    /// <summary>Calls an operator that returns a number.</summary>
    public static Value Number(string name, params ReadOnlySpan<Argument> arguments)
    {
        Value result;
        Call(name, arguments, &result, 1);
        return result;
    }

    private static int Call(string name, ReadOnlySpan<Argument> arguments, Value* results, int capacity)
    {
        Span<byte> scratch = stackalloc byte[512];
        var bytes = ListBytes(arguments);
        if (bytes > scratch.Length)
            scratch = new byte[bytes];
        var values = stackalloc Value[arguments.Length];
        int produced;
        int status;
        fixed (byte* lists = scratch)
        {
            Unbox(arguments, values, lists);
            status = Library.bt_call(Handles.TryGetValue(name, out var known) ? known : Find(name), values, arguments.Length, results, capacity, &produced);
        }

        for (var i = 0; i < arguments.Length; i++)
            GC.KeepAlive(arguments[i].Reference);
        if (status != 0)
            throw new TorchException(Explain(name, arguments));
        return produced;
    }

    private static int ListBytes(ReadOnlySpan<Argument> arguments)
    {
        var bytes = 0;
        foreach (ref readonly var argument in arguments)
        {
            bytes += argument.Tag switch
            {
                Tag.Integers or Tag.Tensors => argument.Count * sizeof(long),
                Tag.Text => Encoding.UTF8.GetMaxByteCount(((string)argument.Reference!).Length) + sizeof(long),
                _ => 0,
            };
        }

        return bytes;
    }

    // Lists are copied behind one another into memory that stays put while libtorch reads it.
    private static void Unbox(ReadOnlySpan<Argument> arguments, Value* values, byte* lists)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i] = new Value { Tag = argument.Tag, Count = argument.Count, Bits = argument.Bits };
            switch (argument.Tag)
            {
                case Tag.Integers:
                    ((long[])argument.Reference!).CopyTo(new Span<long>(lists, argument.Count));
                    break;
                case Tag.Tensors:
                    for (var j = 0; j < argument.Count; j++)
                        ((long*)lists)[j] = ((torch.Tensor[])argument.Reference!)[j].Handle;
                    break;
                case Tag.Text:
                    values[i].Count = Encoding.UTF8.GetBytes((string)argument.Reference!, new Span<byte>(lists, 256));
                    values[i].Bits = (long)lists;
                    lists += (values[i].Count + sizeof(long)) & ~(sizeof(long) - 1);
                    continue;
                default:
                    continue;
            }

            values[i].Bits = (long)lists;
            lists += argument.Count * sizeof(long);
        }
    }

    private static nint Find(string name)
    {
        Engine.Load();
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (root, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        if (Library.bt_operator($"aten::{root}", overload, out var handle) != 0)
            throw new TorchException($"aten::{name}: {Library.Text(Library.bt_error())} (libtorch {torch.__version__})");
        return Handles[name] = handle;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Explain(string name, ReadOnlySpan<Argument> arguments)
    {
        var said = Library.Text(Library.bt_error());
        var text = new StringBuilder($"aten::{name}(");
        for (var i = 0; i < arguments.Length; i++)
            text.Append(i == 0 ? "" : ", ").Append(arguments[i].Describe());
        return text.Append("): ").Append(said).ToString();
    }
}
