namespace Drover.Server.Config;

/// <summary>What reading a configuration gave: the value when nothing is wrong, else every problem.</summary>
internal sealed record ConfigRead<T>(T? Value, IReadOnlyList<Problem> Problems) where T : class;

/// <summary>Reads configuration files. Pure: bytes in, a checked value or all problems out.</summary>
internal static class ConfigFile
{
    /// <summary>The project's file, at the root of the repository.</summary>
    internal const string Name = "drover.yaml";

    /// <summary>The machine's file, in the state directory.</summary>
    internal const string MachineName = "config.yaml";

    /// <param name="file">The name that problems give.</param>
    /// <param name="adapters">The words that an agent's adapter may be.</param>
    /// <param name="defaultName">The project's name when the file gives none.</param>
    internal static ConfigRead<ProjectConfig> ReadProject(ReadOnlySpan<byte> bytes, string file, IReadOnlyList<string> adapters, string defaultName) =>
        Read(bytes, file, new ProjectKeys(adapters, defaultName).Section, null);

    /// <summary>An empty file holds the defaults.</summary>
    internal static ConfigRead<MachineConfig> ReadMachine(ReadOnlySpan<byte> bytes, string file, IReadOnlyList<string> adapters) =>
        Read(bytes, file, new MachineKeys(adapters).Section, MachineConfig.Default);

    private static ConfigRead<T> Read<T>(ReadOnlySpan<byte> bytes, string file, Section<T> section, T? whenEmpty) where T : class
    {
        var problems = new Problems(file);
        var tree = YamlTree.Read(bytes, problems);
        if (problems.Any) return new(null, problems.All);
        if (tree is null && whenEmpty is not null) return new(whenEmpty, []);
        var isRead = section.TryRead(new(tree ?? new YamlValue.Map([], 1, 1), "", problems), out var value);
        return isRead && !problems.Any ? new(value, []) : new(null, problems.All);
    }
}
