using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Bench.Kernels.Loading;

/// <summary>
/// Which versions of its symbols an ELF library asks another one for, and how to do without one that it names and never uses.
/// </summary>
/// <remarks>
/// TorchSharp's native library was linked where libstdc++ has GLIBCXX_3.4.32. It names that version, of which nothing is used: no
/// relocation refers to its one symbol. The loader of an older system refuses the library all the same, unless that need is marked as weak
/// (VER_FLG_WEAK; Linux Standard Base, "Symbol Versioning"). The build compiles this file as a task, for .NET Standard; see
/// Directory.Build.targets.
/// </remarks>
public sealed class VersionNeeds
{
    private const int Weak = 2;
    private const long StringTable = 5, SymbolTable = 6, Relocations = 7, RelocationBytes = 8, JumpRelocations = 23,
        JumpRelocationBytes = 2;
    private const long SymbolVersions = 0x6ffffff0, Needs = 0x6ffffffe, NeedCount = 0x6fffffff;

    private readonly byte[] file;
    private readonly List<Tuple<long, long, long>> segments = new List<Tuple<long, long, long>>(); // address, offset, bytes
    private readonly Dictionary<long, long> dynamic = new Dictionary<long, long>();

    /// <summary>Reads the dynamic section of a 64-bit little-endian library.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public VersionNeeds(byte[] file)
    {
        const int Class64 = 2, LittleEndian = 1, Load = 1, Dynamic = 2, HeaderBytes = 56, EntryBytes = 16;
        this.file = file ?? throw new ArgumentNullException(nameof(file));
        if (file.Length < 64 || file[0] != 0x7f || file[1] != 'E' || file[2] != 'L' || file[3] != 'F' || file[4] != Class64
            || file[5] != LittleEndian)
            throw new InvalidDataException("no 64-bit ELF library");
        long headers = Long(32);
        for (int i = 0; i < Short(56); i++)
        {
            long header = headers + (i * HeaderBytes);
            if (Int(header) == Load)
                segments.Add(Tuple.Create(Long(header + 16), Long(header + 8), Long(header + 32)));
        }

        for (int i = 0; i < Short(56); i++)
        {
            long header = headers + (i * HeaderBytes);
            if (Int(header) != Dynamic)
                continue;
            for (long entry = Long(header + 8); entry < Long(header + 8) + Long(header + 32); entry += EntryBytes)
            {
                if (!dynamic.ContainsKey(Long(entry)))
                    dynamic[Long(entry)] = Long(entry + 8);
            }
        }
    }

    /// <summary>Versions of another library's symbols that have to be there for the loader.</summary>
    /// <param name="library">The name that it is asked for by, such as libstdc++.so.6.</param>
    public IReadOnlyList<string> Of(string library) =>
        Entries(library).Where(entry => (Short(entry + 4) & Weak) == 0).Select(Name).ToList();

    /// <summary>Versions that may be missing.</summary>
    /// <param name="library">The name that it is asked for by.</param>
    public IReadOnlyList<string> OfWeak(string library) =>
        Entries(library).Where(entry => (Short(entry + 4) & Weak) != 0).Select(Name).ToList();

    /// <summary>Marks a need as weak, in memory.</summary>
    /// <param name="library">Of which library.</param>
    /// <param name="version">Which version.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="InvalidDataException">There is no such need, or something of it is used.</exception>
    public byte[] Weaken(string library, string version)
    {
        long entry = Entries(library).Where(candidate => Name(candidate) == version).DefaultIfEmpty(-1).First();
        if (entry < 0)
            throw new InvalidDataException($"it asks {library} for no {version}");
        int number = Short(entry + 6);
        if (UsedVersions().Contains(number))
            throw new InvalidDataException($"it uses symbols of {version}, which a mark would not bring");
        file[entry + 4] |= Weak;
        return file;
    }

    // Places of the auxiliary entries of a library: hash, flags (+4), number (+6), name (+8), next (+12).
    private IEnumerable<long> Entries(string library)
    {
        if (!dynamic.TryGetValue(Needs, out long address))
            yield break;
        long need = Offset(address);
        for (long left = dynamic[NeedCount]; left > 0; left--)
        {
            if (Text(UInt(need + 4)) == library)
            {
                long entry = need + UInt(need + 8);
                for (int count = Short(need + 2); count > 0; count--)
                {
                    yield return entry;
                    entry += UInt(entry + 12);
                }
            }

            need += UInt(need + 12);
        }
    }

    private HashSet<int> UsedVersions()
    {
        const int EntryBytes = 24;
        var used = new HashSet<int>();
        foreach (var table in new[] { Tuple.Create(Relocations, RelocationBytes), Tuple.Create(JumpRelocations, JumpRelocationBytes) })
        {
            if (!dynamic.TryGetValue(table.Item1, out long address))
                continue;
            long first = Offset(address);
            for (long at = first; at < first + dynamic[table.Item2]; at += EntryBytes)
            {
                long symbol = Long(at + 8) >> 32;
                if (symbol != 0)
                    used.Add(Short(Offset(dynamic[SymbolVersions]) + (2 * symbol)) & 0x7fff);
            }
        }

        return used;
    }

    private string Name(long entry) => Text(UInt(entry + 8));

    private string Text(long at)
    {
        long start = Offset(dynamic[StringTable]) + at, end = start;
        while (file[end] != 0)
            end++;
        return Encoding.ASCII.GetString(file, (int)start, (int)(end - start));
    }

    private long Offset(long address)
    {
        foreach (var segment in segments)
        {
            if (address >= segment.Item1 && address < segment.Item1 + segment.Item3)
                return address - segment.Item1 + segment.Item2;
        }

        throw new InvalidDataException("an address lies in no segment");
    }

    private long Long(long at) => BitConverter.ToInt64(file, (int)at);

    private int Int(long at) => BitConverter.ToInt32(file, (int)at);

    private long UInt(long at) => BitConverter.ToUInt32(file, (int)at);

    private int Short(long at) => BitConverter.ToUInt16(file, (int)at);
}

#if !NET
/// <summary>Makes a copy of a native library that loads on this system, where the one in the package does not.</summary>
public sealed class MakeLoadable : Microsoft.Build.Utilities.Task
{
    private const string Runtime = "libstdc++.so.6", Version = "GLIBCXX_3.4.32";

    /// <summary>The library in its package, which is left as it is.</summary>
    [Microsoft.Build.Framework.Required]
    public string Library { get; set; }

    /// <summary>Where the copy goes.</summary>
    [Microsoft.Build.Framework.Required]
    public string Copy { get; set; }

    /// <summary>Folders in which the system's libstdc++ may lie, with semicolons between them.</summary>
    [Microsoft.Build.Framework.Required]
    public string SystemFolders { get; set; }

    /// <summary>The copy; empty where the package's library loads as it is.</summary>
    [Microsoft.Build.Framework.Output]
    public string Made { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        Made = "";
        string name = Path.GetFileName(Library);
        string runtime = SystemFolders.Split(';').Select(folder => Path.Combine(folder, Runtime)).FirstOrDefault(File.Exists);
        if (runtime == null)
        {
            Log.LogMessage(
                Microsoft.Build.Framework.MessageImportance.High,
                $"No {Runtime} in {SystemFolders}: {name} is taken as it is. If it does not load, 'apt-get install libstdc++6'.");
            return true;
        }

        try
        {
            var needs = new VersionNeeds(File.ReadAllBytes(Library));
            string defined = Encoding.ASCII.GetString(File.ReadAllBytes(runtime));
            var missing = needs.Of(Runtime).Where(version => !defined.Contains("\0" + version + "\0")).ToList();
            if (missing.Count == 0)
            {
                string why = needs.Of(Runtime).Contains(Version) ? $"{runtime} has {Version}" : $"it needs no {Version}";
                Log.LogMessage($"{name} is taken as it is in its package: {why}");
                return true;
            }

            if (missing.Count > 1 || missing[0] != Version)
                throw new InvalidDataException($"it needs {string.Join(", ", missing)}");
            byte[] loadable = needs.Weaken(Runtime, Version);
            Made = Copy;
            if (File.Exists(Copy) && File.ReadAllBytes(Copy).SequenceEqual(loadable))
                return true;
            Directory.CreateDirectory(Path.GetDirectoryName(Copy));
            File.WriteAllBytes(Copy, loadable);
            Log.LogMessage(
                Microsoft.Build.Framework.MessageImportance.High,
                $"{runtime} has no {Version}, which {name} names and never uses: a copy of it that loads goes into the output");
        }
        catch (InvalidDataException other)
        {
            Log.LogWarning(
                $"{name} will not load on this system: {other.Message}, and {runtime} has no such version. Take TorchSharp 0.107.0, for " +
                    "which this build knows what to do, or a newer distribution.");
        }

        return true;
    }
}
#endif
