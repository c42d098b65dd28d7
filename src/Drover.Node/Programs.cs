namespace Drover.Node;

/// <summary>The programs of the machine, found as the server's own PATH says.</summary>
public static class Programs
{
    /// <summary>The full path of an executable file, or null.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : "/usr/bin:/bin")
        .Split(':').Where(Path.IsPathFullyQualified).Select(d => Path.Combine(d, name)).FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
