using System.Runtime.InteropServices;

namespace Drover.Api;

/// <summary>Where the server of a home listens. Socket paths are short (107 bytes), so the socket does not live in the home itself.</summary>
public static partial class SocketPath
{
    /// <summary>The directory of the sockets: <c>$XDG_RUNTIME_DIR/drover</c>, else <c>drover-UID</c> below the temporary directory.</summary>
    public static string Directory()
    {
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return !string.IsNullOrEmpty(runtime) && Path.IsPathRooted(runtime) && System.IO.Directory.Exists(runtime)
            ? Path.Combine(runtime, "drover") : Path.Combine(Path.GetTempPath(), $"drover-{geteuid()}");
    }

    public static string Of(DroverHome home) => Path.Combine(Directory(), home.SocketName);

    /// <summary>Makes the directory, or checks the one that is there.</summary>
    /// <exception cref="UnsafeSocketDirectoryException">It belongs to somebody else or others may enter it.</exception>
    public static void MakeDirectory()
    {
        var directory = Directory();
        System.IO.Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Check(directory);
    }

    /// <summary>Says why the directory must not be used: another user who made it first could pretend to be the server. Null when all is well
    /// or there is none.</summary>
    public static string? WhyUnsafe()
    {
        var directory = Directory();
        if (!System.IO.Directory.Exists(directory)) return null;
        if (new DirectoryInfo(directory).LinkTarget is not null) return $"{directory} is a symbolic link";
        if (Owner(directory) is { } owner && owner != geteuid()) return $"{directory} belongs to user {owner}";
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        return (File.GetUnixFileMode(directory) & others) != 0 ? $"{directory} is open to other users (chmod 700 it)" : null;
    }

    private static void Check(string directory)
    {
        if (WhyUnsafe() is { } why) throw new UnsafeSocketDirectoryException($"{why}: remove {directory} or set XDG_RUNTIME_DIR");
    }

    /// <summary>Null where there is no statx (macOS gives each user a temporary directory of their own).</summary>
    private static unsafe uint? Owner(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var name = System.Text.Encoding.UTF8.GetBytes(path + '\0');
        var facts = stackalloc byte[256];
        fixed (byte* at = name)
        {
            const int cwd = -100, noFollow = 0x100;
            const uint uid = 0x8;
            return statx(cwd, at, noFollow, uid, facts) == 0 ? *(uint*)(facts + 20) : null;
        }
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static unsafe partial int statx(int directory, byte* path, int flags, uint mask, byte* facts);
}

public sealed class UnsafeSocketDirectoryException(string message) : Exception(message);
