using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Text;

namespace Bench.Published;

/// <summary>
/// Reads a pickle (PEP 3154, protocols 2 to 5) into plain values. The opcodes are a closed list, and so are the names of classes and
/// functions (<see cref="PickleGlobal"/>): of these only OrderedDict and torch's tensors mean something, all others become inert values,
/// and a name that is not listed is refused. Nothing is looked up, loaded or called.
/// </summary>
/// <param name="pickle">The whole pickle.</param>
/// <param name="tensor">Makes a tensor of a storage, offset, sizes and strides.</param>
internal sealed class Unpickler(byte[] pickle, Func<PickleStorage, long, ImmutableArray<long>, ImmutableArray<long>, StoredTensor> tensor)
{
    private const int MostOperations = 1 << 23, MostLongBytes = 64;

    private static readonly object Mark = new();

    private readonly List<object?> stack = [];
    private readonly Dictionary<long, object?> memo = [];
    private int at;

    /// <summary>The byte of the operation that is being read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads up to the STOP opcode.</summary>
    /// <exception cref="FormatException">The pickle is damaged, or holds an opcode or a name that is not on the list.</exception>
    public object? Read()
    {
        for (int operations = 0; operations < MostOperations; operations++)
        {
            Position = at;
            byte code = Bytes(1)[0];
            if (code == '.')
                return stack.Count == 1 ? Pop() : throw new FormatException($"{stack.Count} values where one should be left");
            Execute(code);
        }

        throw new FormatException($"more than {MostOperations} operations");
    }

    private void Execute(byte code)
    {
        switch ((char)code)
        {
            case '\u0080': Protocol(Bytes(1)[0]); break;
            case '\u0095': Bytes(8); break; // FRAME: a hint of how much to read ahead
            case '(': stack.Add(Mark); break;
            case '0': Pop(); break;
            case '1': Marked(); break;
            case '2': stack.Add(Top()); break;
            case 'N': stack.Add(null); break;
            case '\u0088': stack.Add(true); break;
            case '\u0089': stack.Add(false); break;
            case 'J': stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case 'K': stack.Add((long)Bytes(1)[0]); break;
            case 'M': stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case '\u008a': Long(Bytes(1)[0]); break;
            case '\u008b': Long(BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case 'G': stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case 'X': Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))); break;
            case '\u008c': Text(Bytes(1)[0]); break;
            case '\u008d': Text(BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8))); break;
            case 'T': Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))); break;
            case 'U': Text(Bytes(1)[0]); break;
            case 'B': stack.Add(Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))).ToArray()); break;
            case 'C': stack.Add(Bytes(Bytes(1)[0]).ToArray()); break;
            case '\u008e': stack.Add(Bytes(BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8))).ToArray()); break;
            case ']' or '\u008f': stack.Add(new List<object?>()); break;
            case '}': stack.Add(new PickleDict()); break;
            case ')': stack.Add(Array.Empty<object?>()); break;
            case 't': stack.Add(Marked()); break;
            case '\u0085': Tuple(1); break;
            case '\u0086': Tuple(2); break;
            case '\u0087': Tuple(3); break;
            case 'l' or '\u0091': stack.Add(Marked().ToList()); break;
            case 'a': Append([Pop()]); break;
            case 'e' or '\u0090': Append(Marked()); break;
            case 'd': Dictionary(); break;
            case 's': SetItems(Popped(2)); break;
            case 'u': SetItems(Marked()); break;
            case 'q': memo[Bytes(1)[0]] = Top(); break;
            case 'r': memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Top(); break;
            case '\u0094': memo[memo.Count] = Top(); break;
            case 'h': stack.Add(Remembered(Bytes(1)[0])); break;
            case 'j': stack.Add(Remembered(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case 'c': stack.Add(Global(Line(), Line())); break;
            case '\u0093': Popped(2, out var module, out var name); stack.Add(Global(module as string, name as string)); break;
            case 'R': Popped(2, out var function, out var arguments); stack.Add(Called(function, arguments)); break;
            case '\u0081': Popped(2, out var type, out var given); stack.Add(Made(type, given)); break;
            case 'b': Build(); break;
            case 'Q': stack.Add(Storage(Pop())); break;
            default:
                throw new FormatException($"opcode 0x{code:X2}, which torch.save does not write");
        }
    }

    private static void Protocol(byte version)
    {
        if (version is < 2 or > 5)
            throw new FormatException($"pickle protocol {version}, and 2 to 5 are read");
    }

    private ReadOnlySpan<byte> Bytes(ulong count)
    {
        if (count > (ulong)(pickle.Length - at))
            throw new FormatException($"{count} bytes are announced or needed, and {pickle.Length - at} are left");
        at += (int)count;
        return pickle.AsSpan(at - (int)count, (int)count);
    }

    private void Text(ulong count) => stack.Add(Encoding.UTF8.GetString(Bytes(count)));

    private void Long(int count)
    {
        if (count is < 0 or > MostLongBytes)
            throw new FormatException($"an integer of {count} bytes");
        var value = new BigInteger(Bytes((ulong)count));
        stack.Add(value >= long.MinValue && value <= long.MaxValue ? (long)value : (object)value);
    }

    // A name that ends with a line feed.
    private string Line()
    {
        int length = pickle.AsSpan(at).IndexOf((byte)'\n');
        if (length is < 0 or > 256)
            throw new FormatException("a name without end");
        string text = Encoding.UTF8.GetString(Bytes((ulong)length));
        Bytes(1);
        return text;
    }

    private object? Top() => stack.Count > 0 && !ReferenceEquals(stack[^1], Mark) ? stack[^1] : throw Empty();

    private object? Pop()
    {
        var value = Top();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private object?[] Popped(int count)
    {
        var values = new object?[count];
        for (int i = count - 1; i >= 0; i--)
            values[i] = Pop();
        return values;
    }

    private void Popped(int count, out object? first, out object? second)
    {
        var values = Popped(count);
        (first, second) = (values[0], values[1]);
    }

    // What lies above the last mark, which is taken away, too.
    private object?[] Marked()
    {
        int mark = stack.FindLastIndex(value => ReferenceEquals(value, Mark));
        if (mark < 0)
            throw new FormatException("values behind a mark, and there is no mark");
        object?[] values = [.. stack[(mark + 1)..]];
        stack.RemoveRange(mark, stack.Count - mark);
        return values;
    }

    private void Tuple(int count) => stack.Add(Popped(count));

    private void Dictionary()
    {
        var values = Marked();
        stack.Add(new PickleDict());
        SetItems(values);
    }

    private void Append(object?[] values)
    {
        if (Top() is List<object?> list)
            list.AddRange(values);
        else if (Top() is not PickleObject)
            throw new FormatException("elements are added to what is no list");
    }

    private void SetItems(object?[] values)
    {
        if (values.Length % 2 != 0)
            throw new FormatException("a key without value");
        if (Top() is PickleObject)
            return;
        var dictionary = Top() as PickleDict ?? throw new FormatException("entries are added to what is no dictionary");
        for (int i = 0; i < values.Length; i += 2)
            dictionary.Add(values[i], values[i + 1]);
    }

    private object? Remembered(long index) =>
        memo.TryGetValue(index, out var value) ? value : throw new FormatException($"value {index} of the memo, which has none");

    private static PickleGlobal Global(string? module, string? name)
    {
        var global = new PickleGlobal(module ?? "?", name ?? "?");
        bool isKnown = global.IsOrderedDict || global.IsRebuiltTensor || global.IsRebuiltParameter || global.Storage is not null
            || global.IsInert;
        return isKnown ? global : throw new FormatException($"the name '{global}', which no checkpoint of the supported families needs");
    }

    private object Called(object? function, object? arguments)
    {
        if (function is not PickleGlobal global || arguments is not object?[] values)
            throw new FormatException("a call of what is no name");
        if (global.IsOrderedDict)
            return Ordered(values);
        if (global.IsRebuiltParameter)
            return values is [StoredTensor parameter, ..] ? parameter : throw new FormatException("a parameter that is no tensor");
        if (!global.IsRebuiltTensor)
            return global.IsInert ? new PickleObject(global, values) : throw new FormatException($"a call of '{global}'");
        return values is [PickleStorage storage, long offset, object?[] shape, object?[] strides, ..]
            ? tensor(storage, offset, Integers(shape), Integers(strides))
            : throw new FormatException("a tensor that is not storage, offset, sizes and strides");
    }

    private static PickleDict Ordered(object?[] arguments)
    {
        var dictionary = new PickleDict();
        if (arguments is [List<object?> pairs])
        {
            foreach (var pair in pairs)
            {
                if (pair is not object?[] { Length: 2 } entry)
                    throw new FormatException("an OrderedDict of what are no pairs");
                dictionary.Add(entry[0], entry[1]);
            }
        }
        else if (arguments.Length > 0)
        {
            throw new FormatException("an OrderedDict of what is no list");
        }

        return dictionary;
    }

    private static PickleObject Made(object? type, object? arguments) =>
        type is PickleGlobal { IsInert: true } global && arguments is object?[] values
            ? new PickleObject(global, values)
            : throw new FormatException($"an object of '{type as PickleGlobal}'");

    // Attributes of a dictionary, such as the versions of a state dict, are left out.
    private void Build()
    {
        var state = Pop();
        if (Top() is PickleObject made)
            made.State = state;
        else if (Top() is not PickleDict)
            throw new FormatException("attributes of what is no object");
    }

    private static PickleStorage Storage(object? id) =>
        id is object?[] and ["storage", PickleGlobal { Storage: { } type }, string key, string, long and >= 0 and var count, ..]
            ? new PickleStorage(key, type, count)
            : throw new FormatException("a persistent id that is no storage of a known type");

    private static ImmutableArray<long> Integers(object?[] values) =>
        [.. values.Select(value => value as long? ?? throw new FormatException("a size that is no integer"))];

    private static FormatException Empty() => new("a value is taken from an empty stack");
}
