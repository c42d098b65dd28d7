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
            throw new JournalHeldException(home, Holder(path));
        }

        try
        {
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            file.Flush();
        }
        catch (IOException)
        {
            // A full disk: the lock itself holds, only its holder's number is missing for a second server's message.
        }

        return new(file);
    }

    public void Dispose() => file.Dispose();

    private static int? Holder(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return int.TryParse(reader.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
