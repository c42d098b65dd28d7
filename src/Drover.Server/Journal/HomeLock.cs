using System.Globalization;

namespace Drover.Server.Journaling;

/// <summary>One server per <c>DROVER_HOME</c>: an advisory lock on a file that the kernel frees when its holder dies, however it dies.</summary>
internal sealed class HomeLock : IDisposable
{
    private readonly FileStream file;

    private HomeLock(FileStream file) => this.file = file;

    /// <exception cref="JournalHeldException">Another server has it.</exception>
    internal static HomeLock Take(string home)
    {
        var path = Path.Combine(home, "drover.lock");
        FileStream file;
        try
        {
            // FileShare.None is an exclusive flock on Unix.
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new JournalHeldException(home, Holder(home));
        }

        try
        {
            File.WriteAllText(PidFile(home), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // A full disk: the lock itself holds, only its holder's number is missing for a second server's message.
        }

        return new(file);
    }

    public void Dispose() => file.Dispose();

    /// <summary>Beside the lock, since a locked file cannot be read through .NET. It means nothing while nobody holds the lock.</summary>
    private static string PidFile(string home) => Path.Combine(home, "drover.pid");

    private static int? Holder(string home)
    {
        try
        {
            return int.TryParse(File.ReadAllText(PidFile(home)), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
