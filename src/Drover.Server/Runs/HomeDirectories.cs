namespace Drover.Server.Runs;

/// <summary>What an agent's program keeps in the user's home.</summary>
internal static class HomeDirectories
{
    /// <summary>Makes the directories that are not there yet. The sandbox shows only what exists, and its own home is gone with it: what a program that has never run for this user
    /// would write there, its conversations included, would be lost.</summary>
    /// <param name="paths">Relative to the home; directories end with <c>/</c>, files are left alone.</param>
    public static void Make(string home, IReadOnlyList<string> paths)
    {
        foreach (var path in paths.Where(p => p.EndsWith('/')))
        {
            try
            {
                Directory.CreateDirectory(Path.Combine(home, path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A home that nobody can write: the agent runs all the same, and forgets.
            }
        }
    }
}
