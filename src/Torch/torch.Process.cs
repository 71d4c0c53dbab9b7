using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of the libtorch in use.</summary>
    public static unsafe string __version__
    {
        get
        {
            Engine.Load();
            return Library.Text(Library.bt_torch_version());
        }
    }

    public static int get_num_threads()
    {
        Engine.Load();
        return Library.bt_get_threads();
    }

    public static void set_num_threads(int num)
    {
        Engine.Load();
        Library.Check(Library.bt_set_threads(num));
    }

    /// <summary>Accelerators by NVIDIA.</summary>
    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count()
        {
            Engine.Load();
            Library.Check(Library.bt_cuda_devices(out var count));
            return count;
        }
    }
}
