using System.Text;

namespace Drover.Server.Runs;

/// <summary>What an agent's program keeps in the user's home.</summary>
internal static class AgentFiles
{
    /// <summary>Makes what is not there yet. The sandbox shows only what exists, and its own home is gone with it: what a program that has never run for this user
    /// would write there, its conversations included, would be lost.</summary>
    /// <param name="paths">Relative to the home. Directories end with <c>/</c>; a file of settings begins as an empty object of JSON.</param>
    public static void Make(string home, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            try
            {
                Make(Path.Combine(home, path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A home that nobody can write, or another run was faster: the agent runs all the same.
            }
        }
    }

    private static void Make(string path)
    {
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (path.EndsWith('/')) Directory.CreateDirectory(path, own | UnixFileMode.UserExecute);
        if (!path.EndsWith(".json", StringComparison.Ordinal) || Path.Exists(path)) return;
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = own });
        file.Write(Encoding.ASCII.GetBytes("{}\n"));
    }
}
