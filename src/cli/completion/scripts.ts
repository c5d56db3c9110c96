/** The shells that completions are made for. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const;

/** One of them. */
export type Shell = (typeof shells)[number];

/**
 * The script by which a shell asks the program what may be typed next. It answers with a line for each candidate, `text<tab>what it is`, and in the end with
 * `:files` where files may stand there, too, or `:`.
 */
export function completionScript(shell: Shell, withDescriptions: boolean): string {
  const ask = withDescriptions ? "__complete" : "__complete --no-descriptions";
  return scripts[shell].replaceAll("__ask__", ask);
}

const bash = `# Completions of ostiary for bash: source <(ostiary completion bash)
_ostiary() {
  local current="\${COMP_WORDS[COMP_CWORD]}" line answer directive=":" prefix=""
  COMPREPLY=()
  answer="$("\${COMP_WORDS[0]}" __complete --no-descriptions "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" || return
  # Where = divides words, what stands before it is there already.
  [[ "$COMP_WORDBREAKS" == *=* && ( "$current" == "=" || "\${COMP_WORDS[COMP_CWORD-1]}" == "=" ) ]] && prefix="*="
  while IFS= read -r line; do
    case "$line" in
      :*) directive="$line" ;;
      ?*) COMPREPLY+=("\${line#$prefix}") ;;
    esac
  done <<< "$answer"
  [[ "$directive" == ":files" ]] && compopt -o default 2>/dev/null
  return 0
}
complete -F _ostiary ostiary
`;

const zsh = `#compdef ostiary
# Completions of ostiary for zsh: source <(ostiary completion zsh), or a file _ostiary in $fpath.
_ostiary() {
  local -a candidates
  local line text about directive=":"
  while IFS= read -r line; do
    if [[ "$line" == :* ]]; then
      directive="$line"
    elif [[ -n "$line" ]]; then
      text="\${line%%$'\\t'*}"
      about="\${line#*$'\\t'}"
      [[ "$about" == "$line" ]] && about=""
      candidates+=("\${text//:/\\\\:}\${about:+:$about}")
    fi
  done < <("\${words[1]}" __ask__ "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#candidates} )) && _describe ostiary candidates
  [[ "$directive" == ":files" ]] && _files
  return 0
}
if [[ "\${funcstack[1]}" == "_ostiary" ]]; then _ostiary "$@"; else compdef _ostiary ostiary; fi
`;

const fish = `# Completions of ostiary for fish: ostiary completion fish | source
function __ostiary_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in ($words[1] __ask__ $words[2..-1] 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path (commandline -ct)
      case ':*'
      case '*'
        echo $line
    end
  end
end
complete -c ostiary -f -a '(__ostiary_complete)'
`;

const powershell = `# Completions of ostiary for PowerShell: ostiary completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ostiary -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -le $cursorPosition } | ForEach-Object { "$_" })
  $typed = @($words | Select-Object -Skip 1)
  if ($wordToComplete -eq '') { $typed += '' }
  & $words[0] __ask__ @typed 2>$null | ForEach-Object {
    if ($_ -eq ':files') {
      Get-ChildItem -Path "$wordToComplete*" -ErrorAction SilentlyContinue | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_.Name, $_.Name, 'ProviderItem', $_.Name)
      }
    } elseif ($_ -and -not $_.StartsWith(':')) {
      $text, $about = $_ -split "\`t", 2
      if (-not $about) { $about = $text }
      [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about)
    }
  }
}
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell };
