namespace Drover.Node.Repositories;

/// <summary>Where the files lie that one git command needs beside its repository, for as long as it runs.</summary>
public sealed class Scratch
{
    private readonly string? root;

    private Scratch(string? root) => this.root = root;

    /// <summary>The temporary directory: what a killed program leaves there stays. For programs that end by themselves.</summary>
    public static Scratch Temporary { get; } = new(null);

    /// <summary>A directory that is Drover's own; <see cref="Clear"/> takes away what a killed server has left in it.</summary>
    public static Scratch At(string directory) => new(directory);

    /// <summary>While no command runs.</summary>
    public void Clear()
    {
        if (root is null || !Directory.Exists(root)) return;
        try
        {
            Directory.Delete(root, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing depends on it: every command makes a directory of its own, and the next start tries again.
        }
    }

    /// <summary>A new directory that nobody else may enter; who made it deletes it.</summary>
    internal DirectoryInfo Make(string purpose)
    {
        if (root is null) return Directory.CreateTempSubdirectory($"drover-{purpose}-");
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(root, own);
        return Directory.CreateDirectory(Path.Combine(root, $"{purpose}-{Guid.NewGuid():N}"), own);
    }
}
