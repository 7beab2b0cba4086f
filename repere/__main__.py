from repere.cli import main

main()
