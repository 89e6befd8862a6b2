// The stylesheets of the components of the first sight, each by itself and in Mantine's order; a page that needs more brings its own.

import '@mantine/core/styles/baseline.css'
import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/global.css'
import '@mantine/core/styles/UnstyledButton.css'
import '@mantine/core/styles/Loader.css'
import '@mantine/core/styles/ActionIcon.css'
import '@mantine/core/styles/Combobox.css'
import '@mantine/core/styles/Input.css'
import '@mantine/core/styles/Button.css'
import '@mantine/core/styles/Skeleton.css'
import '@mantine/core/styles/Alert.css'
import '@mantine/core/styles/PasswordInput.css'
