using System.Runtime.InteropServices;

namespace Bench.Kernels.Ranks;

/// <summary>The few functions of Open MPI (versions 4 and 5) that are called, found by name when they are first asked for.</summary>
/// <remarks>
/// MPI's standard leaves open what handles and constants are. In Open MPI handles are addresses of its own variables, in MPICH and what is
/// made of it numbers: another library is recognised by lacking these variables, and refused.
/// </remarks>
internal sealed unsafe class OpenMpi
{
    /// <summary>MPI_THREAD_SERIALIZED: calls come from any thread, one at a time.</summary>
    public const int ThreadSerialized = 2;

    private const int LongestVersion = 256; // MPI_MAX_LIBRARY_VERSION_STRING
    private const string Maker = "Open MPI";

    // The distributions' packages for programs that run have no libmpi.so; that of MPICH comes last, to say that it is the wrong one.
    private static readonly string[] Names = ["libmpi.so.40", "libmpi.so", "libmpi.so.12"];

    private static readonly Lazy<(OpenMpi? Library, string? Problem)> Found = new(() => Find(Names));

    private readonly nint library;

    private OpenMpi(nint library)
    {
        this.library = library;
        GetLibraryVersion = (delegate* unmanaged<byte*, int*, int>)Function("MPI_Get_library_version");
        InitThread = (delegate* unmanaged<int*, byte***, int, int*, int>)Function("MPI_Init_thread");
        CommRank = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_size");
        CommSplitType = (delegate* unmanaged<nint, int, int, nint, nint*, int>)Function("MPI_Comm_split_type");
        Allreduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, int>)Function("MPI_Allreduce");
        StartAllreduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, nint*, int>)Function("MPI_Iallreduce");
        StartBarrier = (delegate* unmanaged<nint, nint*, int>)Function("MPI_Ibarrier");
        Bcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)Function("MPI_Bcast");
        Test = (delegate* unmanaged<nint*, int*, nint, int>)Function("MPI_Test");
        Wait = (delegate* unmanaged<nint*, nint, int>)Function("MPI_Wait");
        Abort = (delegate* unmanaged<nint, int, int>)Function("MPI_Abort");
        Finish = (delegate* unmanaged<int>)Function("MPI_Finalize");
        (World, Sum) = (Variable("comm_world"), Variable("op_sum"));
        (Float, Double, Byte, Int) = (Variable("float"), Variable("double"), Variable("byte"), Variable("int"));
        NoInfo = Variable("info_null");
    }

    /// <summary>Why there is none, with what to do; null where there is one. Asking loads it.</summary>
    public static (string What, string Fix)? Problem => Found.Value.Problem is { } what ? (what, Fix) : null;

    /// <summary>The library.</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public static OpenMpi Library => Found.Value.Library ?? throw new DllNotFoundException($"{Found.Value.Problem}. {Fix}");

    /// <summary>Its name and version, as "Open MPI v4.1.4".</summary>
    public string Version => VersionOf(GetLibraryVersion) ?? Maker;

    public delegate* unmanaged<byte*, int*, int> GetLibraryVersion { get; }

    public delegate* unmanaged<int*, byte***, int, int*, int> InitThread { get; }

    public delegate* unmanaged<nint, int*, int> CommRank { get; }

    public delegate* unmanaged<nint, int*, int> CommSize { get; }

    public delegate* unmanaged<nint, int, int, nint, nint*, int> CommSplitType { get; }

    public delegate* unmanaged<nint, void*, int, nint, nint, nint, int> Allreduce { get; }

    public delegate* unmanaged<nint, void*, int, nint, nint, nint, nint*, int> StartAllreduce { get; }

    public delegate* unmanaged<nint, nint*, int> StartBarrier { get; }

    public delegate* unmanaged<void*, int, nint, int, nint, int> Bcast { get; }

    public delegate* unmanaged<nint*, int*, nint, int> Test { get; }

    public delegate* unmanaged<nint*, nint, int> Wait { get; }

    public delegate* unmanaged<nint, int, int> Abort { get; }

    public delegate* unmanaged<int> Finish { get; }

    public nint World { get; }

    public nint Sum { get; }

    public nint Float { get; }

    public nint Double { get; }

    public nint Byte { get; }

    public nint Int { get; }

    public nint NoInfo { get; }

    /// <summary>MPI_IN_PLACE.</summary>
    public static nint InPlace => 1;

    /// <summary>MPI_COMM_TYPE_SHARED: the ranks of one machine.</summary>
    public static int OneMachine => 0;

    private static string Fix => "Install it (apt-get install openmpi-bin), or start the program without mpirun or srun.";

    /// <summary>The first library of some names that is Open MPI.</summary>
    internal static (OpenMpi? Library, string? Problem) Find(IEnumerable<string> names)
    {
        string? other = null;
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out nint handle))
                continue;
            try
            {
                return (new OpenMpi(handle), null);
            }
            catch (EntryPointNotFoundException lacking)
            {
                string what = NativeLibrary.TryGetExport(handle, "MPI_Get_library_version", out nint version)
                    && VersionOf((delegate* unmanaged<byte*, int*, int>)version) is { Length: > 0 } said ? said : lacking.Message;
                other ??= $"{name} is not Open MPI ({what})";
            }
        }

        return (null, other ?? $"Open MPI is not there: no library {string.Join(" or ", names)} can be loaded");
    }

    private nint Function(string name) => NativeLibrary.GetExport(library, name);

    private nint Variable(string name) => NativeLibrary.GetExport(library, $"ompi_mpi_{name}");

    // May be asked before MPI is begun. Only the first part is a name: "Open MPI v4.1.4, package: ..., May 26, 2022".
    private static string? VersionOf(delegate* unmanaged<byte*, int*, int> ask)
    {
        byte* text = stackalloc byte[8192]; // MPICH's longest; Open MPI's is LongestVersion
        int length = LongestVersion;
        return ask(text, &length) == 0
            ? Marshal.PtrToStringUTF8((nint)text, length).TrimEnd('\0', '\n').Split(',', '\n')[0]
            : null;
    }
}
