using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Drover.Server.Journaling;

/// <summary>The operating system's own SQLite, loaded once per process. No SQLite is bundled: the system's gets its security fixes.</summary>
internal static class SystemSqlite
{
    /// <summary>3.35.0: the first with RETURNING.</summary>
    internal const int OldestVersion = 3_035_000;

    private static readonly Lazy<int> loaded = new(LoadLibrary);

    /// <exception cref="JournalRefusedException">There is no SQLite, or it is too old; the message has the command that installs one.</exception>
    internal static void Load() => RequireVersion(loaded.Value);

    internal static string Version => raw.sqlite3_libversion().utf8_to_string();

    internal static void RequireVersion(int version)
    {
        if (version >= OldestVersion) return;
        throw new JournalRefusedException(
            $"SQLite {version / 1_000_000}.{version / 1000 % 1000}.{version % 1000} is too old, Drover needs 3.35 or newer. Install it: {InstallCommand}");
    }

    private static int LoadLibrary()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        try
        {
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            return raw.sqlite3_libversion_number();
        }
        catch (DllNotFoundException e)
        {
            throw new JournalRefusedException($"SQLite was not found on this machine. Install it: {InstallCommand}", e);
        }
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? search)
    {
        if (library != "e_sqlite3") return 0;
        string[] names = OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : ["libsqlite3.so.0", "libsqlite3.so"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle)) return handle;
        }

        return 0;
    }

    private static string InstallCommand => OperatingSystem.IsMacOS()
        ? "brew install sqlite"
        : "apt install libsqlite3-0   (Fedora: dnf install sqlite-libs, Alpine: apk add sqlite-libs)";
}
