namespace Drover.Server.Host;

/// <summary>At most one server per home. The kernel gives the lock back when its holder dies, however it dies.</summary>
internal sealed class HomeLock : IDisposable
{
    private readonly FileStream _file;

    private HomeLock(FileStream file) => _file = file;

    /// <summary>Null when another process holds it.</summary>
    public static HomeLock? TryTake(string home)
    {
        try
        {
            return new(new(Path.Combine(home, "server.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
