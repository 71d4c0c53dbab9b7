using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>An ATen operator, found by the name its schema has ("add.Tensor"), or another library's with that one's name before it ("bench::gelu"), called with boxed values.</summary>
/// <remarks>A new operator is one line: <c>public Tensor add(Tensor other) => Operator.Tensor("add.Tensor", this, other);</c></remarks>
internal static unsafe class Operator
{
    private const int UsualResults = 16;

    private static readonly ConcurrentDictionary<string, nint> Handles = new(StringComparer.Ordinal);

    /// <summary>Calls an operator that returns one tensor.</summary>
    public static torch.Tensor Tensor(string name, params ReadOnlySpan<Argument> arguments) => torch.Tensor.Own(One(name, arguments, Tag.Tensor).Handle);

    /// <summary>Calls an operator that works in place and returns its first argument.</summary>
    public static torch.Tensor InPlace(torch.Tensor self, string name, params ReadOnlySpan<Argument> arguments)
    {
        Library.bt_free(One(name, arguments, Tag.Tensor).Handle); // the result is self once more
        return self;
    }

    /// <summary>Calls an operator that returns a tuple or a list of tensors.</summary>
    public static torch.Tensor[] Tensors(string name, params ReadOnlySpan<Argument> arguments)
    {
        var usual = stackalloc Value[UsualResults];
        var produced = Call(name, arguments, usual, UsualResults);
        var values = new ReadOnlySpan<Value>(usual, Math.Min(produced, UsualResults));
        if (produced > UsualResults)
        {
            var many = new Value[produced];
            fixed (Value* taken = many)
                Library.bt_take(taken);
            values = many;
        }

        var tensors = new torch.Tensor[produced];
        for (var i = 0; i < produced; i++)
            tensors[i] = torch.Tensor.Own(values[i].Handle);
        return tensors;
    }

    /// <summary>Calls an operator that returns a number.</summary>
    public static Value Number(string name, params ReadOnlySpan<Argument> arguments) => One(name, arguments, Tag.Integer, Tag.Real, Tag.Bool);

    private static Value One(string name, ReadOnlySpan<Argument> arguments, params ReadOnlySpan<Tag> kinds)
    {
        Value result;
        var produced = Call(name, arguments, &result, 1);
        if (produced == 1 && kinds.Contains(result.Tag))
            return result;
        if (produced > 1)
            Library.bt_take(null);
        else if (produced == 1 && result.Tag == Tag.Tensor)
            Library.bt_free(result.Handle);
        throw new TorchException($"{Full(name)} returns {produced} values{(produced == 1 ? $" of kind {result.Tag}" : "")}, not one of kind {kinds[0]}.");
    }

    private static int Call(string name, ReadOnlySpan<Argument> arguments, Value* results, int capacity)
    {
        Span<byte> scratch = stackalloc byte[512];
        var bytes = 0;
        foreach (ref readonly var argument in arguments)
            bytes += Aligned(argument.ElementBytes);
        if (bytes > scratch.Length)
            scratch = new byte[bytes];
        var values = stackalloc Value[arguments.Length];
        int produced;
        int status;
        fixed (byte* elements = scratch)
        {
            Unbox(arguments, values, elements);
            status = Library.bt_call(Handles.TryGetValue(name, out var known) ? known : Find(name), values, arguments.Length, results, capacity, &produced);
        }

        if (status != 0)
            throw new TorchException(Explain(name, arguments));
        // The values hold addresses only: the tensors behind them must not be finalised before this point.
        foreach (ref readonly var argument in arguments)
            GC.KeepAlive(argument.Reference);
        return produced;
    }

    // Elements are copied behind one another into memory that stays put while libtorch reads it.
    private static void Unbox(ReadOnlySpan<Argument> arguments, Value* values, byte* elements)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i] = new Value { Tag = argument.Tag, Count = argument.Count, Bits = argument.Bits };
            var bytes = argument.ElementBytes;
            switch (argument.Tag)
            {
                case Tag.Integers:
                    ((long[])argument.Reference!).CopyTo(new Span<long>(elements, argument.Count));
                    break;
                case Tag.Reals:
                    ((double[])argument.Reference!).CopyTo(new Span<double>(elements, argument.Count));
                    break;
                case Tag.Tensors:
                    for (var j = 0; j < argument.Count; j++)
                        ((nint*)elements)[j] = ((torch.Tensor?[])argument.Reference!)[j]?.Handle ?? 0;
                    break;
                case Tag.Text:
                    values[i].Count = Encoding.UTF8.GetBytes((string)argument.Reference!, new Span<byte>(elements, bytes));
                    break;
                default:
                    continue;
            }

            values[i].Bits = (long)elements;
            elements += Aligned(bytes);
        }
    }

    private static int Aligned(int bytes) => (bytes + sizeof(long) - 1) & -sizeof(long);

    private static string Full(string name) => name.Contains("::", StringComparison.Ordinal) ? name : $"aten::{name}";

    private static nint Find(string name)
    {
        Engine.Load();
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (root, overload) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
        if (Library.bt_operator(Full(root), overload, out var handle) != 0)
            throw new TorchException($"{Full(name)}: {Library.Text(Library.bt_error())} (libtorch {torch.__version__})");
        return Handles[name] = handle;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Explain(string name, ReadOnlySpan<Argument> arguments)
    {
        var said = Library.Text(Library.bt_error());
        var text = new StringBuilder($"{Full(name)}(");
        for (var i = 0; i < arguments.Length; i++)
            text.Append(i == 0 ? "" : ", ").Append(arguments[i].Describe());
        return text.Append("): ").Append(said).ToString();
    }
}
